import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { join } from "node:path";
import { open } from "./database/Database.ts";
import { defaults } from "./settings.ts";
import { fileIn, folder } from "./testing/files.ts";
import { linesOf } from "./testing/ledger.ts";

/** Writes from transaction `first` on until it has said `lines` numbers, and is killed then, in the middle of another. */
const writeAndDie = async (folder: string, first: number, lines: number): Promise<ReadonlyArray<number>> => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(import.meta.dirname!, "testing", "writer.ts"), folder, String(first)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  let isKilled = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (isKilled || said.split("\n").length <= lines) continue;
    isKilled = true;
    child.kill("SIGKILL");
  }
  expect((await child.status).signal).toBe("SIGKILL");
  // The last line may have been cut off.
  return said.slice(0, said.lastIndexOf("\n") + 1).trim().split("\n").map(Number);
};

/** What is stored, seen by DuckDB itself. */
const stored = (path: string) =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* (yield* open(fileIn(path), defaults)).connect;
    const counts = yield* connection.query(
      `select n, count(*) as rows, count(distinct line) as lines, min(amount) as least, max(amount) as greatest
       from ledger group by n order by n`,
    );
    const [last] = yield* connection.query("select count(*) as rows, max(n) as n from totals");
    return { counts, last };
  }));

describe("a process that is killed while it writes", () => {
  it.live(
    "leaves every transaction that it had committed, and no part of another",
    () =>
      Effect.gen(function* () {
        const path = yield* folder;
        let next = 0;
        for (const lines of [1, 7, 30, 2, 90]) {
          const acknowledged = yield* Effect.promise(() => writeAndDie(path, next, lines));
          const { counts, last } = yield* stored(path);
          // One more may have been committed before it could be said.
          expect([acknowledged.at(-1)!, acknowledged.at(-1)! + 1]).toContain(counts.length - 1);
          expect(counts).toEqual(
            counts.map((_, n) => ({
              n,
              rows: linesOf(n),
              lines: linesOf(n),
              least: n + 0.25,
              greatest: n + 0.25,
            })),
          );
          expect(last).toEqual({ rows: 1, n: counts.length - 1 });
          next = counts.length;
        }
        expect(next).toBeGreaterThan(120);
      }),
    120_000,
  );
});
