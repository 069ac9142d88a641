import { Dataset } from "@candlewick/core";
import { canMakeDisks, growDisk, smallDisk, storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Stream } from "effect";
import { open } from "./database/Database.ts";
import * as DuckdbSink from "./DuckdbSink.ts";
import { defaults } from "./settings.ts";
import { fileIn } from "./testing/files.ts";

const notes = Dataset.make({
  name: "notes",
  columns: { id: Dataset.int64(), note: Dataset.text() },
  key: ["id"],
});

/** Text that does not compress. */
const noise = (length: number): string => {
  const bytes = new Uint8Array(length / 2);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes.toHex();
};

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: from + i, note: noise(2_000) }));

const kept = (path: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = DuckdbSink.make(yield* open(fileIn(path), defaults));
    const batches = yield* Stream.runCollect(sink.select(notes, { columns: ["id"], orderBy: ["id"] }));
    return { ids: batches.flat().map((row) => row.id) };
  }));

describe.skipIf(!canMakeDisks)("a full disk (needs root, to make a small one)", () => {
  for (
    const [what, sizes] of [
      ["one write of many rows", [30_000]],
      ["many small writes", Array.from({ length: 400 }, () => 50)],
    ] as const
  ) {
    it.live(
      `is told as "capacity", and what was committed before is there: ${what}`,
      () =>
        Effect.gen(function* () {
          const disk = yield* smallDisk(24);
          const committed = yield* Effect.scoped(Effect.gen(function* () {
            const sink = DuckdbSink.make(yield* open(fileIn(disk), defaults));
            yield* sink.ensure(notes);
            yield* sink.upsert(notes, rows(0, 100));
            let next = 100;
            yield* storeFailure(
              Effect.forEach(sizes, (size) =>
                Effect.tap(sink.upsert(notes, rows(next, size)), () =>
                  Effect.sync(() => {
                    next += size;
                  }))),
              "capacity",
            );
            return next;
          }));
          // Closed without room for its log in the file; opened again when there is.
          yield* growDisk(disk, 200);
          const { ids } = yield* kept(disk);
          expect(ids).toEqual(Array.from({ length: committed }, (_, id) =>
            id));
          yield* Effect.scoped(Effect.gen(function* () {
            const sink = DuckdbSink.make(yield* open(fileIn(disk), defaults));
            expect(yield* sink.upsert(notes, rows(committed, 1_000))).toMatchObject({ inserted: 1_000 });
          }));
        }),
      120_000,
    );
  }
});
