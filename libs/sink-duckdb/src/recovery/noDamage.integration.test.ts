import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { join } from "node:path";
import {
  asideOf,
  asking,
  besides,
  change,
  diedWith,
  failureOf,
  fill,
  LOGGED,
  opened,
  own,
  ROWS,
  test,
} from "../testing/damaged.ts";
import { fileIn, folder, holding, setVersion } from "../testing/files.ts";

describe("what is no damage", () => {
  test(
    "a process that was killed in mid-write: what it committed is there",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      yield* diedWith(
        place.path,
        `insert into candles select 100000 + i, now(), 1, 'x' from range(${LOGGED}) r(i)`,
      );
      expect(Deno.statSync(`${place.path}.wal`).size).toBeGreaterThan(0);
      const { answer, lines } = yield* opened(place);
      expect(answer).toMatchObject({ candles: ROWS + LOGGED, runs: 2 });
      expect(lines).toEqual([]);
      expect(asideOf(place.path)).toEqual([]);
    }),
  );

  test(
    "a file that is open in another process",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 100);
      yield* Effect.scoped(Effect.gen(function* () {
        yield* holding(place.path);
        expect(yield* failureOf(place)).toMatchObject({ kind: "locked", fault: "conflict" });
      }));
      expect((yield* opened(place)).answer).toMatchObject({ candles: 100 });
      expect(besides(place.path)).toEqual([]);
    }),
  );

  test(
    "a file of somebody else's that the setting names by mistake",
    Effect.gen(function* () {
      const place = fileIn(yield* folder);
      const text = "name,price\n".repeat(5_000);
      Deno.writeTextFileSync(place.path, text);
      const error = yield* failureOf(place);
      expect(error.fault).toBe("schema");
      expect(error.message).toContain("was left as it is");
      expect(Deno.readTextFileSync(place.path)).toBe(text);
      expect(besides(place.path)).toEqual([]);
    }),
  );

  test(
    "a database of a version to come",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 100);
      yield* change(place.path, (bytes) => setVersion(bytes, 70n));
      const before = Deno.readFileSync(place.path);
      expect(yield* failureOf(place)).toMatchObject({ kind: "version", fault: "schema" });
      expect(Deno.readFileSync(place.path)).toEqual(before);
      expect(besides(place.path)).toEqual([]);
    }),
  );
});

describe("kill -9 in mid-write", () => {
  it.live(
    "never looks like damage, and leaves whole transactions",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const place = own(yield* folder);
        let batches = 0;
        for (let round = 0; round < 12; round++) {
          yield* Effect.promise(async () => {
            const child = new Deno.Command(Deno.execPath(), {
              args: ["run", "-A", join(import.meta.dirname!, "../testing/endless.ts"), place.path],
              stdout: "piped",
              stderr: "inherit",
            }).spawn();
            const reader = child.stdout.getReader();
            await reader.read();
            await new Promise((resolve) => setTimeout(resolve, round * 17));
            child.kill("SIGKILL");
            reader.releaseLock();
            await child.stdout.cancel();
            await child.status;
          });
          const { answer, lines } = yield* asking(
            place,
            `select (select count(*) from batches) as batches, (select count(*) from series) as rows,
          (select count(*) from (select batch, count(*) n from series group by batch having n <> 997)) as torn`,
            (rows) => rows[0] as { batches: number; rows: number; torn: number },
          );
          expect(lines).toEqual([]);
          expect(answer.torn).toBe(0);
          expect(answer.rows).toBe(answer.batches * 997);
          expect(answer.batches).toBeGreaterThanOrEqual(batches);
          batches = answer.batches;
        }
        expect(batches).toBeGreaterThan(0);
        expect(besides(place.path)).toEqual([]);
      })),
    120_000,
  );
});
