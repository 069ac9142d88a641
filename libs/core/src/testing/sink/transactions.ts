import { expect } from "@effect/vitest";
import { Cause, Deferred, Effect, Exit, Fiber, Stream } from "effect";
import { noWrites } from "../../Sink.ts";
import { expectOwn, price, prices, pricesIn, refusal, selected, stored, type Topic } from "./subject.ts";

export const transactionsTopic: Topic = (test) => {
  test("K80: what a transaction wrote is there when it ends, over several datasets", (sink) =>
    Effect.gen(function* () {
      const left = yield* pricesIn(sink);
      const right = yield* pricesIn(sink, prices("old", 3));
      const result = yield* sink.transaction(Effect.gen(function* () {
        yield* sink.upsert(left, prices("a", 2));
        yield* sink.replace(right, [], prices("b", 2));
        return "result";
      }));
      expect(result).toBe("result");
      expect(yield* stored(sink, left)).toEqual(prices("a", 2));
      expect(yield* stored(sink, right)).toEqual(prices("b", 2));
    }));

  test("K81: reads inside see the writes before them", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 2));
      yield* sink.transaction(Effect.gen(function* () {
        yield* sink.upsert(dataset, [price("a", 1, "7"), price("b", 1)]);
        expect(yield* stored(sink, dataset)).toEqual([price("a", 0), price("a", 1, "7"), price("b", 1)]);
        expect(yield* sink.upsert(dataset, [price("b", 1)])).toEqual({ ...noWrites, unchanged: 1 });
        yield* sink.replace(dataset, [], []);
        expect(yield* stored(sink, dataset)).toEqual([]);
      }));
      expect(yield* stored(sink, dataset)).toEqual([]);
    }));

  test("K82: a transaction that fails or dies leaves the store as it was, and its own failure comes out", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 2));
      const writes = Effect.andThen(
        sink.replace(dataset, [], prices("b", 5)),
        sink.upsert(dataset, prices("c", 5)),
      );
      const failed = yield* Effect.exit(
        sink.transaction(Effect.andThen(writes, Effect.fail("changed my mind"))),
      );
      expectOwn(failed, "changed my mind");
      const died = yield* Effect.exit(sink.transaction(Effect.andThen(writes, Effect.die("bug"))));
      expect(Exit.isFailure(died) && Cause.hasDies(died.cause)).toBe(true);
      expect(yield* stored(sink, dataset)).toEqual(prices("a", 2));
    }));

  test("K83: an interrupted transaction leaves the store as it was, and holds nothing back", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 2));
      for (let i = 0; i < 20; i++) {
        const written = yield* Deferred.make<void>();
        const fiber = yield* Effect.forkChild(sink.transaction(
          Effect.gen(function* () {
            yield* sink.upsert(dataset, [price("a", 0, "7"), price("b", i)]);
            yield* Deferred.succeed(written, undefined);
            yield* Effect.never;
          }),
          { lock: `interrupted ${dataset.name}` },
        ));
        yield* Deferred.await(written);
        yield* Fiber.interrupt(fiber);
      }
      expect(yield* stored(sink, dataset)).toEqual(prices("a", 2));
      yield* sink.upsert(dataset, [price("a", 0, "8")]);
    }));

  test("K84: a transaction inside another joins it", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const nested = sink.transaction(Effect.gen(function* () {
        yield* sink.upsert(dataset, [price("outer", 1)]);
        yield* sink.transaction(sink.upsert(dataset, [price("inner", 1)]));
        expect((yield* stored(sink, dataset)).length).toBe(2);
      }));
      yield* Effect.exit(sink.transaction(Effect.andThen(nested, Effect.fail("late"))));
      expect(yield* stored(sink, dataset)).toEqual([]);
      yield* nested;
      expect((yield* stored(sink, dataset)).length).toBe(2);
    }));

  test("K85: a part that failed is never committed, and no transaction says it committed what it did not", (sink) =>
    Effect.gen(function* () {
      const bad = price("bad", 1, "abc");
      const parts = {
        "a refused row": (dataset: Parameters<typeof stored>[1]) => sink.upsert(dataset, [bad]),
        "a failing stream": (dataset: Parameters<typeof stored>[1]) =>
          sink.upsert(dataset, Stream.concat(Stream.succeed([price("bad", 1)]), Stream.fail("torn"))),
        "an inner transaction": (dataset: Parameters<typeof stored>[1]) =>
          sink.transaction(
            Effect.andThen(sink.upsert(dataset, [price("bad", 1)]), Effect.fail("changed my mind")),
          ),
      };
      for (const [name, part] of Object.entries(parts)) {
        const dataset = yield* pricesIn(sink);
        const exit = yield* Effect.exit(sink.transaction(Effect.gen(function* () {
          yield* sink.upsert(dataset, [price("good", 1)]);
          yield* Effect.ignore(part(dataset));
          yield* Effect.ignore(sink.upsert(dataset, [price("good", 2)]));
        })));
        const rows = yield* stored(sink, dataset);
        const whole = [price("good", 1), price("good", 2)];
        expect(rows, name).toEqual(Exit.isSuccess(exit) ? whole : []);
      }
    }));

  test("K86: readers outside see nothing of a transaction before it commits", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 0, "1")]);
      const written = yield* Deferred.make<void>();
      const read = yield* Deferred.make<void>();
      const writer = yield* Effect.forkChild(sink.transaction(Effect.gen(function* () {
        yield* sink.upsert(dataset, [price("a", 0, "2"), price("b", 0)]);
        yield* Deferred.succeed(written, undefined);
        // A store with one connection may make the reader wait for the commit instead.
        yield* Deferred.await(read).pipe(Effect.timeoutOption("500 millis"));
      })));
      yield* Deferred.await(written);
      const seen = yield* stored(sink, dataset);
      const early = writer.pollUnsafe() === undefined;
      yield* Deferred.succeed(read, undefined);
      yield* Fiber.join(writer);
      const after = [price("a", 0, "2"), price("b", 0)];
      expect(seen).toEqual(early ? [price("a", 0, "1")] : after);
      expect(yield* stored(sink, dataset)).toEqual(after);
    }));

  test("K87: a transaction that only reads writes nothing and may be nested in any", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 3));
      const count = Effect.map(selected(sink, dataset), (rows) => rows.length);
      expect(yield* sink.transaction(sink.transaction(count))).toBe(3);
    }));

  test("K88: a failed operation leaves the sink fit for the next", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      for (let i = 0; i < 25; i++) {
        yield* refusal(sink, sink.upsert(dataset, [price("a", i, "abc")]), "constraint");
        yield* refusal(sink, sink.transaction(sink.upsert(dataset, [price("a", i, "abc")])), "constraint");
      }
      expect(yield* sink.upsert(dataset, prices("a", 2))).toEqual({ ...noWrites, inserted: 2 });
    }));
};
