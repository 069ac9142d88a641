import { expect } from "@effect/vitest";
import { Effect, Exit } from "effect";
import { on } from "../../Where.ts";
import {
  price,
  type PriceDataset,
  prices,
  pricesIn,
  refusal,
  selected,
  type SinkService,
  stored,
  type Topic,
} from "./subject.ts";

/** Reads the number stored under `series` and writes the next: loses counts unless it runs alone. */
const increment = Effect.fnUntraced(function* (sink: SinkService, dataset: PriceDataset, series: string) {
  const rows = yield* selected(sink, dataset, { where: [on(dataset).eq("series", series)] });
  // Gives the others every chance to come between, also where a store never waits.
  yield* Effect.yieldNow;
  yield* sink.upsert(dataset, [price(series, 0, String(Number(rows[0]?.price ?? "0") + 1))]);
});

export const concurrencyTopic: Topic = (test) => {
  test("K90: of transactions that name one lock, each waits for the end of the one before", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      let inside = 0;
      let most = 0;
      const locked = sink.transaction(
        Effect.gen(function* () {
          most = Math.max(most, ++inside);
          yield* Effect.yieldNow;
          yield* increment(sink, dataset, "counter");
          inside--;
        }),
        { lock: `counter ${dataset.name}` },
      );
      yield* Effect.all(Array.from({ length: 12 }, () => locked), { concurrency: "unbounded" });
      expect(most).toBe(1);
      expect(yield* stored(sink, dataset)).toEqual([price("counter", 0, "12")]);
    }));

  test("K91: a lock named inside a transaction is held to the end of the whole, and may be named again", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const lock = `nested ${dataset.name}`;
      const twice = sink.transaction(Effect.gen(function* () {
        yield* sink.transaction(increment(sink, dataset, "counter"), { lock });
        yield* sink.transaction(increment(sink, dataset, "counter"), { lock });
      }));
      yield* Effect.all(Array.from({ length: 8 }, () => twice), { concurrency: "unbounded" });
      expect(yield* stored(sink, dataset)).toEqual([price("counter", 0, "16")]);
    }));

  test("K92: a lock is released by a transaction that fails", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const lock = `released ${dataset.name}`;
      yield* Effect.exit(sink.transaction(Effect.fail("no"), { lock }));
      yield* sink.transaction(sink.upsert(dataset, prices("a", 1)), { lock });
      expect((yield* stored(sink, dataset)).length).toBe(1);
    }));

  test("K93: transactions side by side do not mix: each is there whole or not at all", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const one = (n: number) =>
        sink.transaction(Effect.gen(function* () {
          yield* sink.upsert(dataset, prices(`first ${n}`, 20));
          yield* Effect.yieldNow;
          yield* sink.upsert(dataset, prices(`second ${n}`, 20));
          if (n % 2 === 1) return yield* Effect.fail("odd");
        }));
      yield* Effect.forEach(Array.from({ length: 16 }, (_, n) => n), (n) => Effect.exit(one(n)), {
        concurrency: 8,
      });
      const rows = yield* stored(sink, dataset);
      const series = new Set(rows.map((row) => row.series));
      expect(series.size).toBe(16);
      expect(rows.length).toBe(16 * 20);
      expect(Array.from(series).every((name) => Number(name.split(" ")[1]) % 2 === 0)).toBe(true);
    }));

  test("K94: transactions that write the same rows in any order all end: committed, or refused as a conflict", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 0, "0"), price("b", 0, "0")]);
      const both = (first: string, second: string, value: string) =>
        sink.transaction(Effect.gen(function* () {
          yield* sink.upsert(dataset, [price(first, 0, value)]);
          yield* Effect.yieldNow;
          yield* sink.upsert(dataset, [price(second, 0, value)]);
        }));
      const exits = yield* Effect.forEach(
        ["1", "2", "3", "4", "5", "6"],
        (value, i) => Effect.exit(i % 2 === 0 ? both("a", "b", value) : both("b", "a", value)),
        { concurrency: "unbounded" },
      );
      for (const exit of exits) {
        if (Exit.isFailure(exit)) yield* refusal(sink, exit, "conflict");
      }
      expect(exits.some(Exit.isSuccess)).toBe(true);
      const values = (yield* stored(sink, dataset)).map((row) => row.price);
      expect(values[0]).toBe(values[1]);
      expect(values[0]).not.toBe("0");
    }));

  test("K95: writers of the same new rows side by side: each row is inserted once", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const counts = yield* Effect.all(
        Array.from(
          { length: 6 },
          () => sink.transaction(Effect.tap(sink.upsert(dataset, prices("a", 50)), Effect.yieldNow)),
        ),
        { concurrency: "unbounded" },
      );
      const sum = (key: "inserted" | "updated" | "unchanged") =>
        counts.reduce((total, one) => total + one[key], 0);
      expect(sum("inserted")).toBe(50);
      expect(sum("updated")).toBe(0);
      expect(sum("unchanged")).toBe(250);
      expect(yield* stored(sink, dataset)).toEqual(prices("a", 50));
    }));
};
