import { expect } from "@effect/vitest";
import { Effect, Stream } from "effect";
import { noWrites } from "../../Sink.ts";
import { price, priceDataset, pricesIn, refusal, type Topic } from "./subject.ts";

export const identityTopic: Topic = (test, subject) => {
  test("K112: an operation is a value: making it does nothing, and it may run again and again", (sink) =>
    Effect.gen(function* () {
      const dataset = priceDataset();
      const upsert = sink.upsert(dataset, Stream.suspend(() => Stream.succeed([price("a", 1)])));
      const replace = sink.replace(dataset, [], [price("b", 1)]);
      const select = Stream.runCollect(sink.select(dataset));
      const transaction = sink.transaction(upsert);
      yield* sink.ensure(dataset);
      expect((yield* select).flat()).toEqual([]);
      for (let i = 0; i < 2; i++) {
        expect(yield* upsert).toEqual({ ...noWrites, inserted: 1 });
        expect(yield* transaction).toEqual({ ...noWrites, unchanged: 1 });
        expect((yield* select).flat()).toEqual([price("a", 1)]);
        expect(yield* replace).toEqual({ ...noWrites, inserted: 1, deleted: 1 });
        yield* sink.replace(dataset, [], []);
      }
    }));

  test("K110: a sink says its id and where the data lies, without a secret", (sink) =>
    Effect.sync(() => {
      expect(sink.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(sink.location).not.toBe("");
      for (const secret of subject.secrets ?? []) expect(sink.location).not.toContain(secret);
    }));

  test("K111: errors are the sink's own, name operation and dataset, and carry no secret", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const error = yield* refusal(sink, sink.upsert(dataset, [price("a", 1, "abc")]));
      expect(error.operation).toContain(dataset.name);
      for (const secret of subject.secrets ?? []) {
        expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain(secret);
      }
    }));
};
