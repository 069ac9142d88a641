import { expect } from "@effect/vitest";
import { Effect, Fiber, Scope } from "effect";
import { freshName, prices, pricesIn, type SinkService, stored, type Topic } from "./subject.ts";

/** Whether the lock could be had just now; it is given back at once. */
const isFree = (sink: SinkService, name: string) =>
  Effect.scoped(Effect.map(sink.tryLock(name), (lock) => lock !== undefined));

export const locksTopic: Topic = (test) => {
  test("K130: of those who try a lock at once, one has it and the others go away with nothing", (sink) =>
    Effect.gen(function* () {
      const name = freshName("at_once");
      const locks = yield* Effect.all(Array.from({ length: 8 }, () => sink.tryLock(name)), {
        concurrency: "unbounded",
      });
      expect(locks.filter((lock) => lock !== undefined).length).toBe(1);
      expect(yield* isFree(sink, name)).toBe(false);
    }));

  test("K131: a lock is free again when its scope closes, however that comes about", (sink) =>
    Effect.gen(function* () {
      const name = freshName("given_back");
      const ends = [Effect.void, Effect.fail("no"), Effect.die("broken"), Effect.interrupt];
      for (const end of ends) {
        yield* Effect.exit(Effect.scoped(Effect.gen(function* () {
          expect(yield* sink.tryLock(name)).toBeDefined();
          expect(yield* isFree(sink, name)).toBe(false);
          yield* end;
        })));
        expect(yield* isFree(sink, name)).toBe(true);
      }
    }));

  test("K132: a lock is in nobody's way but of those who try the same name", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const names = Array.from({ length: 12 }, (_, i) => `${dataset.name} ${i}`);
      for (const name of names) expect(yield* sink.tryLock(name)).toBeDefined();
      const written = names.map((name, i) =>
        sink.transaction(sink.upsert(dataset, prices(`s${i}`, 2)), { lock: name })
      );
      yield* Effect.all(written, { concurrency: "unbounded" });
      expect((yield* stored(sink, dataset)).length).toBe(2 * names.length);
    }));

  test("K133: a transaction that fails takes no lock with it", (sink) =>
    Effect.gen(function* () {
      const name = freshName("kept");
      const scope = yield* Scope.make();
      yield* Effect.exit(sink.transaction(
        Effect.andThen(Scope.provide(sink.tryLock(name), scope), Effect.fail("no")),
      ));
      expect(yield* isFree(sink, name)).toBe(false);
      yield* Scope.close(scope, yield* Effect.exit(Effect.void));
      expect(yield* isFree(sink, name)).toBe(true);
    }));

  test("K134: a lock that is held does not say that it was lost", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const lock = yield* sink.tryLock(dataset.name);
      const lost = yield* Effect.forkChild(lock!.lost);
      yield* sink.upsert(dataset, prices("a", 500));
      expect(lost.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(lost);
    }));
};
