import { Dataset, PluginError } from "@candlewick/core";
import { inBatches } from "@candlewick/core/testing";
import { Effect, Exit } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesOf } from "./listing.ts";
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
  settingOn,
} from "./testing/setting.ts";

describe("instruments", () => {
  it("002-P1: authentication precedes data fetching", () =>
    manyRuns(fc.boolean(), (refused) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.become({
          dump: () => ({ batches: inBatches([equity("INFY", 1)]) }),
          ...(refused
            ? {
              authenticate: Effect.fail(
                failing(new PluginError.Unauthorized({ message: "no", hint: "log in" })),
              ),
            }
            : {}),
        });
        const { exit, requests } = yield* at.run();
        expect(requests[0]!.kind).toBe("authenticate");
        expect(requests.length).toBe(refused ? 1 : 2);
        expect(Exit.isFailure(exit)).toBe(refused);
        expect(at.sink.rows(master).length).toBe(refused ? 0 : 1);
      })));

  it("asks for no login where the vendor gives its dump to everyone", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.become({
        info: { open: ["instruments"] },
        dump: () => ({ batches: inBatches([equity("INFY", 1)]) }),
      });
      const { exit, requests } = yield* at.run();
      expect(Exit.isSuccess(exit)).toBe(true);
      expect(requests.map(({ kind }) => kind)).toEqual(["instruments"]);
    })));

  it("002-P16: complete instrument storage", () =>
    manyRuns(
      fc.array(fc.array(instruments, { maxLength: 20 }), { minLength: 1, maxLength: 3 }),
      (days) =>
        Effect.gen(function* () {
          const at = yield* setting;
          for (const day of days) {
            at.serve(day);
            const summary = yield* at.runWell({ confirmShrunk: true });
            expect(at.current().length).toBe(day.length);
            expect(summary.counts.fetched).toBe(day.length);
            yield* TestClock.adjust("1 day");
          }
        }),
    ));

  it("002-P4: Schema transformation correctness, 002-P6: Field mapping completeness, 002-P17: Metadata preservation", () =>
    manyRuns(fc.array(instruments, { minLength: 1, maxLength: 20 }), (day) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.serve(day);
        yield* at.runWell();
        expect(Object.keys(at.current()[0]!).sort()).toEqual([...Dataset.columnNames(master)].sort());
        expect(at.current()).toEqual(day.map((instrument, index) => ({
          instrument_id: index + 1,
          instrument_token: Number(instrument.token),
          exchange: instrument.exchange,
          tradingsymbol: instrument.tradingsymbol,
          exchange_token: instrument.exchangeToken,
          instrument_type: instrument.instrumentType,
          name: instrument.name,
          segment: instrument.segment,
          expiry: instrument.expiry,
          strike: instrument.strike,
          tick_size: instrument.tickSize,
          lot_size: instrument.lotSize,
          last_updated: 0,
          created_at: 0,
          delisted_at: null,
        })));
      })));

  it("keeps tokens that are not numbers as text, where the source says so", () => {
    expect(attributesOf({ ...equity("X", 1), token: "JEERA24" }, "text").instrument_token).toBe("JEERA24");
  });

  it("002-P9: Upsert count logging: new, changed and unchanged add up to what was fetched", () =>
    manyRuns(
      fc.tuple(fc.array(instruments, { maxLength: 15 }), fc.array(instruments, { maxLength: 15 })),
      ([a, b]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          for (const day of [a, [...a.slice(0, 5), ...b], b]) {
            at.serve(day);
            const { counts } = yield* at.runWell();
            expect(counts.inserted! + counts.updated! + counts.unchanged!).toBe(day.length);
            yield* TestClock.adjust("1 day");
          }
        }),
    ));

  it("002-P18: Summary statistics by category", () =>
    manyRuns(fc.array(instruments, { maxLength: 30 }), (day) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.serve(day);
        const table = (yield* at.runWell()).tables[0]!;
        expect(table.columns).toEqual(["exchange", "instrument_type", "listings"]);
        const total = table.rows[table.rows.length - 1]!;
        expect(total).toEqual(["total", "", day.length]);
        for (const [exchange, type, count] of table.rows.slice(0, -1)) {
          expect(count).toBe(
            day.filter((one) => one.exchange === exchange && one.instrumentType === type).length,
          );
        }
      })));

  it("writes no row of the master when the dump has not changed, and dates the dump itself", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("INFY", 1), equity("TCS", 2)]);
      yield* at.runWell();
      const before = at.sink.rows(master);
      yield* TestClock.adjust("1 day");
      const summary = yield* at.runWell();
      expect(summary.outcome).toBe("nothing");
      expect(at.sink.rows(master)).toEqual(before);
      expect(at.sink.rows(history)).toEqual([]);
      expect(at.sink.rows(dumps)).toMatchObject([{ exchange: "NSE", fetched_at: 86_400_000, listings: 2 }]);
    })));

  it("two imports at once agree: the second sees what the first has stored", () =>
    manyRuns(fc.array(instruments, { minLength: 1, maxLength: 12 }), (day) =>
      Effect.gen(function* () {
        const at = yield* settingOn({ before: () => Effect.yieldNow });
        let fetches = 0;
        at.become({ dump: () => ({ batches: inBatches(fetches++ === 0 ? day : day.toReversed(), 3) }) });
        const summaries = yield* Effect.all([at.runWell(), at.runWell()], { concurrency: 2 });
        expect(at.current().length).toBe(day.length);
        const [first, second] = summaries.map((summary) => summary.counts);
        expect(first!.inserted! + second!.inserted!).toBe(day.length);
        expect(first!.unchanged! + second!.unchanged!).toBe(day.length);
      })));

  it("reports listings that share a token", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("WWALUM", 7, "BSE"), equity("WWLEATH", 7, "BSE")]);
      const summary = yield* at.runWell();
      expect(summary.notes.join()).toContain("BSE:WWLEATH");
      expect(at.current().length).toBe(2);
    })));
});
