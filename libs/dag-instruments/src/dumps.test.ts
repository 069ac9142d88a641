import { PluginError, rejectedRecords } from "@candlewick/core";
import { inBatches } from "@candlewick/core/testing";
import { Effect, Exit, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equity } from "./testing/equity.ts";
import {
  dumps,
  failing,
  history,
  instruments,
  manyRuns,
  master,
  onTestClock,
  setting,
} from "./testing/setting.ts";

describe("a dump that is broken, partial or not what was expected", () => {
  it("stores nothing of a dump that breaks off, at the first load and later", () =>
    manyRuns(
      fc.tuple(fc.array(instruments, { maxLength: 12 }), fc.array(instruments, { maxLength: 12 })),
      ([a, b]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          const broken = { error: failing(new PluginError.Corrupt({ message: "no final newline" })) };
          const broke = Effect.gen(function* () {
            const before = at.sink.contents();
            const fiber = yield* Effect.forkChild(at.run({ retryAttempts: 2 }));
            yield* TestClock.adjust("1 hour");
            const { exit, requests } = yield* Fiber.join(fiber);
            expect(Exit.isFailure(exit)).toBe(true);
            expect(requests.filter((request) => request.kind === "instruments").length).toBe(2);
            expect(at.sink.contents()).toEqual(before);
          });
          yield* Effect.forEach([master, history, dumps, rejectedRecords], at.sink.ensure);
          at.serve(a, broken);
          yield* broke;
          at.serve(a);
          yield* at.runWell();
          at.serve(b, broken);
          yield* broke;
        }),
    ));

  it("marks nothing of exchanges that were not fetched", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("INFY", 1), equity("TCS", 2), equity("INFY", 3, "BSE")]);
      yield* at.runWell();
      at.serve([equity("INFY", 1)]);
      const summary = yield* at.runWell({ exchanges: ["NSE"] });
      expect(summary.counts).toMatchObject({ fetched: 1, delisted: 1 });
      expect(at.current().map((row) => `${row.exchange}:${row.tradingsymbol}`)).toEqual([
        "NSE:INFY",
        "BSE:INFY",
      ]);
    })));

  it("asks once for a dump that always holds all exchanges, and keeps the exchanges it was asked for", () =>
    manyRuns(
      fc.tuple(
        fc.array(instruments, { maxLength: 20 }),
        fc.subarray(["NSE", "BSE", "NFO"]),
        fc.constantFrom("exchange" as const, "all" as const),
      ),
      ([day, exchanges, holds]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          at.become({
            info: { dump: { holds, readyAt: "08:30" } },
            dump: (exchange) => ({
              batches: inBatches(day.filter((one) => exchange === undefined || one.exchange === exchange), 3),
            }),
          });
          const { exit, requests } = yield* at.run({ exchanges });
          const wanted = day.filter((one) => exchanges.length === 0 || exchanges.includes(one.exchange));
          expect(Exit.isSuccess(exit) && exit.value.counts.fetched).toBe(wanted.length);
          expect(at.current().map((row) => row.tradingsymbol).sort()).toEqual(
            wanted.map((one) => one.tradingsymbol).sort(),
          );
          const dumpsAsked = requests.filter(({ kind }) => kind === "instruments").length;
          expect(dumpsAsked).toBe(holds === "all" ? 1 : Math.max(1, exchanges.length));
          expect((yield* at.plan({ exchanges })).requests).toBe(requests.length);
        }),
    ));

  it("warns of an exchange that is missing or has shrunk by more than half, and marks it when told to", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("A", 1), equity("B", 2), equity("C", 3), equity("A", 4, "BSE")]);
      yield* at.runWell();
      at.serve([equity("A", 1), equity("NEW", 9)].slice(0, 1));
      const { events, exit } = yield* at.run();
      const warnings = events.filter((event) => event._tag === "Warning").map((event) => event.message);
      expect(warnings.length).toBe(2);
      expect(warnings.join()).toContain("BSE is missing from the dump");
      expect(warnings.join()).toContain("--confirm-shrunk");
      expect(Exit.isSuccess(exit) && exit.value.notes).toEqual(expect.arrayContaining(warnings));
      expect(at.current().length).toBe(4);
      expect(at.sink.rows(dumps).map((row) => [row.exchange, row.complete])).toEqual([["BSE", false], [
        "NSE",
        false,
      ]]);
      const confirmed = yield* at.runWell({ confirmShrunk: true });
      expect(confirmed.counts.delisted).toBe(3);
      expect(at.current().length).toBe(1);
    })));

  it("keeps rejected records with the reason, once each", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      const rejected = [{ reason: "no tradingsymbol", raw: "1,2,,," }, {
        reason: "no tradingsymbol",
        raw: "3,4,,,",
      }];
      at.become({ dump: () => ({ batches: inBatches([equity("INFY", 1)], 10, rejected) }) });
      yield* at.runWell();
      const summary = yield* at.runWell();
      expect(summary.counts.rejected).toBe(2);
      expect(at.sink.rows(rejectedRecords).map((row) => row.raw).sort()).toEqual(["1,2,,,", "3,4,,,"]);
    })));
});
