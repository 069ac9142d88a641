import { Dataset, type Sink } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Stream } from "effect";
import { serverForTests } from "./testing/servers.ts";

const stored = (sink: Sink.Sink["Service"], dataset: Dataset.Dataset) =>
  Effect.map(Stream.runCollect(sink.select(dataset, { orderBy: ["id"] })), (batches) => batches.flat());

describe("what is stored, on a real server", () => {
  const server = serverForTests();

  it("a dataset called what statements call their own parts is written and replaced as any other", () =>
    server.run(Effect.gen(function* () {
      const { sink } = yield* server.database();
      for (const name of ["given", "differing", "deleted", "updated", "inserted", "counted", "r", "s", "t"]) {
        const named = Dataset.make({
          name,
          columns: { id: Dataset.int64(), song: Dataset.text() },
          key: ["id"],
        });
        yield* sink.ensure(named);
        expect(yield* sink.upsert(named, [{ id: 1, song: "tweet" }, { id: 2, song: "coo" }]), name)
          .toMatchObject({ inserted: 2 });
        expect(yield* sink.upsert(named, [{ id: 1, song: "caw" }]), name).toMatchObject({ updated: 1 });
        expect(yield* sink.replace(named, [], [{ id: 1, song: "caw" }]), name)
          .toMatchObject({ unchanged: 1, deleted: 1 });
        expect(yield* stored(sink, named)).toEqual([{ id: 1, song: "caw" }]);
      }
    })));

  it("text that begins with the mark of an encoding keeps it, both ways out", () =>
    server.run(Effect.gen(function* () {
      const { sink } = yield* server.database();
      const marked = Dataset.make({
        name: "marked",
        columns: { id: Dataset.text(), rest: Dataset.text() },
        key: ["id"],
      });
      const rows = [{ id: "\ufeff", rest: "\ufeff" }, { id: "\ufeffa", rest: "" }];
      yield* sink.ensure(marked);
      yield* sink.upsert(marked, rows);
      expect(yield* stored(sink, marked)).toEqual(rows);
      expect(yield* sink.transaction(stored(sink, marked))).toEqual(rows);
    })));
});
