import { describe, expect } from "@effect/vitest";
import { Effect } from "effect";
import { dirname, join } from "node:path";
import {
  asideOf,
  asking,
  backUp,
  besides,
  change,
  diedWith,
  failureOf,
  fill,
  isSaid,
  LOGGED,
  opened,
  openedEmpty,
  own,
  ROWS,
  test,
} from "../testing/damaged.ts";
import { folder } from "../testing/files.ts";
import { suspicionOf } from "./suspicion.ts";

const HEADER_DAMAGES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array | void>> = {
  "a bit of the main header": (bytes) => void (bytes[100]! ^= 4),
  "a bit of the first header": (bytes) => void (bytes[4_096 + 20]! ^= 1),
  "cut in the middle": (bytes) => bytes.subarray(0, Math.floor(bytes.length / 3)),
  "cut to a part of a header": (bytes) => bytes.subarray(0, 2_000),
  "cut to nothing": () => new Uint8Array(),
  "zeros where the headers were": (bytes) => void bytes.fill(0, 0, 12_288),
};

describe("a damaged file", () => {
  for (const [what, damage] of Object.entries(HEADER_DAMAGES)) {
    test(
      `is set aside and rebuilt from the newest backup: ${what}`,
      Effect.gen(function* () {
        const place = own(yield* folder);
        yield* fill(place.path, 1_000);
        const older = yield* backUp(place, Date.UTC(2026, 10, 19, 10, 15));
        yield* Effect.sync(() => Deno.removeSync(place.path));
        yield* fill(place.path);
        const { answer: before } = yield* opened(place);
        const newer = yield* backUp(place, Date.UTC(2026, 10, 20, 10, 15));
        yield* change(place.path, damage);
        const damaged = Deno.readFileSync(place.path);

        const { answer, lines } = yield* asking(place, "select count(*) n from candles", (rows) => rows[0]);
        // Cut in the middle, a file opens; what is gone shows when it is read.
        if (!/middle/.test(what)) {
          expect(answer).toEqual({ n: ROWS });
          isSaid(
            lines,
            "damaged",
            newer.name,
            "2026-11-20 10:15 UTC",
            "candles 20,000 rows",
            "runs 2 rows",
            "is lost",
          );
          expect(lines.join("\n")).not.toContain(older.name);
          const [aside] = asideOf(place.path);
          expect(Deno.readFileSync(join(dirname(place.path), aside!))).toEqual(damaged);
          isSaid(lines, aside!);
          const again = yield* opened(place);
          expect(again).toEqual({ answer: before, lines: [] });
          expect(besides(place.path)).toEqual([aside]);
        }
      }),
    );
  }

  test(
    "is rebuilt from an older backup when the newest is damaged, too",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* backUp(place, Date.UTC(2026, 10, 18));
      const newest = yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* change(newest.path, (bytes) => void (bytes[bytes.length - 5_000]! ^= 1));
      yield* change(place.path, (bytes) => bytes.subarray(0, 5_000));
      const { answer, lines } = yield* opened(place);
      expect(answer).toMatchObject({ candles: 1_000, runs: 2 });
      isSaid(lines, `The backup ${newest.name} cannot be used`, "20261118T000000Z");
    }),
  );

  test(
    "begins empty where there is no backup, and says so",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* change(place.path, (bytes) => void bytes.fill(7, 0, 20_000));
      const { answer, lines } = yield* openedEmpty(place);
      expect(answer).toEqual({ n: 0 });
      isSaid(lines, "no backup", "begins empty", "historic");
      expect(asideOf(place.path)).toHaveLength(1);
    }),
  );

  test(
    "keeps what was set aside before",
    Effect.gen(function* () {
      const place = own(yield* folder);
      for (const count of [1, 2, 3]) {
        yield* Effect.sync(() => Deno.writeFileSync(place.path, new Uint8Array(count * 100)));
        yield* openedEmpty(place);
        expect(asideOf(place.path)).toHaveLength(count);
      }
      const sizes = asideOf(place.path).map((name) => Deno.statSync(join(dirname(place.path), name)).size);
      expect(sizes.toSorted((left, right) => left - right)).toEqual([100, 200, 300]);
    }),
  );

  test(
    "with a damaged log is as it was before the log",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      const { answer: before } = yield* opened(place);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* diedWith(
        place.path,
        `insert into candles select 100000 + i, now(), 1, 'x' from range(${LOGGED}) r(i)`,
      );
      yield* change(`${place.path}.wal`, (bytes) => void (bytes[Math.floor(bytes.length / 2)]! ^= 1));
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "Its log (.wal) is what is damaged", "candles 20,000 rows");
      expect(besides(place.path)).toHaveLength(2);
    }),
  );
});

describe("damage that shows only when it is read", () => {
  test(
    "ends the run as a failure of the store that says so; the next open recovers",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      const { answer: before } = yield* opened(place);
      yield* change(place.path, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
      const error = yield* failureOf(place);
      expect(error.fault).toBe("damage");
      expect(error.message).toContain("the next run sets it aside");
      expect(yield* suspicionOf(place.path)).toBeDefined();
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "20261119T000000Z");
      expect(yield* opened(place)).toEqual({ answer: before, lines: [] });
      expect(besides(place.path)).toHaveLength(1);
    }),
  );

  test(
    "a suspicion that proves wrong loses nothing",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      const { answer: before } = yield* opened(place);
      yield* Effect.sync(() => Deno.writeTextFileSync(`${place.path}.suspect`, "a block\n"));
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "nothing is lost");
    }),
  );
});

describe("two who open a damaged file at once", () => {
  test(
    "recover it once",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* change(place.path, (bytes) => bytes.subarray(0, 5_000));
      const program = join(import.meta.dirname!, "../testing/opener.ts");
      const results = yield* Effect.promise(() =>
        Promise.all([1, 2, 3].map(async () => {
          const { stdout } = await new Deno.Command(Deno.execPath(), {
            args: ["run", "-A", program, JSON.stringify(place)],
            stderr: "inherit",
          }).output();
          const [last] = new TextDecoder().decode(stdout).trim().split("\n").reverse();
          return JSON.parse(last!) as { outcome: string };
        }))
      );
      expect(asideOf(place.path)).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === "open").length).toBeGreaterThan(0);
      for (const { outcome } of results) expect(["open", "conflict"]).toContain(outcome);
      expect((yield* opened(place)).answer).toMatchObject({ candles: 1_000 });
    }),
  );
});
