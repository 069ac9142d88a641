import { governed, PluginError, RangeSet, rejectedRecords, Sink, type Source } from "@candlewick/core";
import { memorySink, type PretendMarket, pretendSource } from "@candlewick/core/testing";
import { Effect, Exit } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import {
  candle,
  candles,
  coverage,
  dailyFrom,
  DAY,
  defaults,
  failing,
  invalid,
  LISTED,
  manyRuns,
  master,
  names,
  NOW,
  onTestClock,
  row,
  setting,
  TODAY,
  unavailable,
} from "./testing/setting.ts";

/** Few candles keep many runs quick. */
const RECENT = TODAY - 60 * DAY;

describe("historic when something goes wrong", () => {
  it("001-P7: API errors don't stop processing, 001-P16: Batch failures don't stop processing", () =>
    manyRuns(fc.subarray(names), (broken) =>
      Effect.gen(function* () {
        const at = yield* setting(names.map((name, index) => row(index + 1, name)));
        const { summary } = yield* at.runWell({
          candles: (request) =>
            broken.includes(request.subject.tradingsymbol)
              ? Effect.fail(invalid)
              : dailyFrom(TODAY - 3 * DAY)(request),
        });
        expect(summary.failures.map((failure) => failure.unit).sort()).toEqual(
          broken.map((name) => `NSE:${name}`).sort(),
        );
        const stored = new Set(at.sink.rows(candles).map((one) => one.instrument_id));
        expect([...stored].sort()).toEqual(
          names.flatMap((name, index) => broken.includes(name) ? [] : [index + 1]),
        );
        expect(summary.outcome).toBe(
          broken.length === 0 ? "done" : broken.length === names.length ? "failed" : "partial",
        );
      })));

  it("001-P15: Batch commits are transactional: whatever breaks, coverage claims nothing that is not stored", () =>
    manyRuns(
      fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom("candles", "coverage", "source")),
      ([after, where]) =>
        Effect.gen(function* () {
          let calls = 0;
          const breaks = () => calls++ >= after;
          const storeFault = failing(new PluginError.Store({ message: "no", fault: "constraint" }));
          const sink = yield* memorySink({
            before: (operation) =>
              (operation.kind === "upsert" && operation.dataset === candles.name && where === "candles" ||
                  operation.kind === "replace" && where === "coverage") && breaks()
                ? Effect.fail(storeFault)
                : Effect.void,
          });
          yield* TestClock.setTime(NOW);
          yield* sink.ensure(master);
          yield* sink.upsert(master, names.map((name, index) => row(index + 1, name)));
          const source = pretendSource({
            candles: (request) =>
              where === "source" && breaks() ? Effect.fail(invalid) : dailyFrom(RECENT)(request),
          });
          yield* plugin.run(defaults).pipe(
            Effect.provideContext(yield* governed(source.services)),
            Effect.provideService(Sink.Sink, sink),
          );
          for (const [index] of names.entries()) {
            const covered = sink.rows(coverage).filter((one) => one.instrument_id === index + 1);
            const ranges = RangeSet.fromRanges(
              covered.map((one) => ({ from: one.range_start, to: one.range_end })),
            );
            const stored = sink.rows(candles).filter((one) => one.instrument_id === index + 1).map((one) =>
              one.ts
            );
            const expected: Array<number> = [];
            for (let ts = RECENT; ts <= TODAY; ts += DAY) {
              if (RangeSet.contains(ranges, ts)) expected.push(ts);
            }
            expect(stored).toEqual(expected);
          }
        }),
    ));

  it("stores nothing of an answer that leaves the range, is out of order or repeats a candle", () =>
    onTestClock(Effect.gen(function* () {
      const wrong = [
        (request: Source.CandleRequest) => [candle(request.to)],
        (request: Source.CandleRequest) => [candle(request.from - 1)],
        (request: Source.CandleRequest) => [candle(request.from + DAY), candle(request.from)],
        (request: Source.CandleRequest) => [candle(request.from), candle(request.from)],
      ];
      for (const answer of wrong) {
        const at = yield* setting([row(1, "AAA")]);
        const { summary, asked } = yield* at.runWell({
          candles: (request) => Effect.succeed({ candles: answer(request), rejected: [] }),
        }, { retryAttempts: 2 });
        expect(summary.outcome).toBe("failed");
        expect(summary.failures[0]).toMatchObject({ unit: "NSE:AAA", reason: "Corrupt" });
        expect(asked.length).toBe(2);
        expect(at.sink.rows(candles)).toEqual([]);
        expect(at.sink.rows(coverage)).toEqual([]);
      }
    })));

  it("stores and covers nothing of an answer in which no candle is usable; placeholders are no fault", () =>
    onTestClock(Effect.gen(function* () {
      const answering = (reason: string): PretendMarket => ({
        candles: () =>
          Effect.succeed({
            candles: [],
            rejected: [{ reason, raw: "[1]" }, { reason, raw: "[2]" }],
          }),
      });
      const at = yield* setting([row(1, "AAA")]);
      const strange = yield* at.runWell(answering("bad time"), { retryAttempts: 1 });
      expect(strange.summary).toMatchObject({ outcome: "failed", failures: [{ reason: "Corrupt" }] });
      expect(at.sink.rows(coverage)).toEqual([]);
      const before = yield* at.runWell(answering("zero-price placeholder"));
      expect(before.summary.outcome).toBe("done");
    })));

  it("tries again what fails for a passing reason", () =>
    onTestClock(Effect.gen(function* () {
      let calls = 0;
      const at = yield* setting([row(1, "AAA")]);
      const { summary, events } = yield* at.runWell({
        candles: (request) => ++calls % 2 === 1 ? Effect.fail(unavailable) : dailyFrom(LISTED)(request),
      });
      expect(summary.outcome).toBe("done");
      expect(events.filter((event) => event._tag === "Retrying").length).toBe(calls / 2);
    })));

  it("stops at once when the vendor refuses the token, and keeps what is stored", () =>
    onTestClock(Effect.gen(function* () {
      const refused = failing(new PluginError.Unauthorized({ message: "token expired", hint: "log in" }));
      const at = yield* setting(names.map((name, index) => row(index + 1, name)));
      const { exit, asked } = yield* at.run({
        candles: (request) =>
          request.subject.tradingsymbol === "AAA" ? dailyFrom(LISTED)(request) : Effect.fail(refused),
      }, { parallelism: 1 });
      expect(Exit.isFailure(exit)).toBe(true);
      expect(new Set(asked.map((request) => request.subject.tradingsymbol))).toEqual(new Set(["AAA", "BBB"]));
      expect(new Set(at.sink.rows(candles).map((one) => one.instrument_id))).toEqual(new Set([1]));
    })));

  it("keeps what was fetched of a series before a request failed, and asks only for the rest", () =>
    manyRuns(
      fc.tuple(fc.integer({ min: 2, max: 5 }), fc.boolean()),
      ([works, isLogin]) =>
        Effect.gen(function* () {
          const refused = failing(new PluginError.Unauthorized({ message: "token expired", hint: "log in" }));
          const at = yield* setting([row(1, "AAA")]);
          let call = 0;
          yield* at.run({
            candles: (request) =>
              call++ < works
                ? dailyFrom(LISTED - 9_000 * DAY)(request)
                : Effect.fail(isLogin ? refused : invalid),
          });
          // The newest answer waits for its neighbour to agree.
          const covered = RangeSet.fromRanges(
            at.sink.rows(coverage).map((one) => ({ from: one.range_start, to: one.range_end })),
          );
          expect(covered.length).toBe(1);
          const { asked, summary } = yield* at.runWell({ candles: dailyFrom(LISTED - 9_000 * DAY) });
          expect(summary.outcome).toBe("done");
          expect(asked.length).toBe(6 - (works - 1));
          expect(asked[0]!.to).toBeGreaterThan(covered[0]!.to);
        }),
    ));

  it("keeps rejected candles with reason and raw value, once each", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const market: PretendMarket = {
        candles: (request) =>
          Effect.succeed({
            candles: [],
            rejected: request.to > TODAY
              ? [{ reason: "high below low", raw: '["2026-11-20",1,1,2,1,0]' }]
              : [],
          }),
      };
      const { summary } = yield* at.runWell(market);
      yield* TestClock.adjust("2 hours");
      yield* at.runWell(market);
      expect(summary.counts.rejected).toBe(1);
      expect(at.sink.rows(rejectedRecords)).toMatchObject([
        { source: "pretend", dataset: candles.name, reason: "high below low" },
      ]);
    })));
});
