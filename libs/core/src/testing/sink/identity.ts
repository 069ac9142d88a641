import { expect } from "@effect/vitest";
import { Effect } from "effect";
import { price, pricesIn, refusal, type Topic } from "./subject.ts";

export const identityTopic: Topic = (test, subject) => {
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
