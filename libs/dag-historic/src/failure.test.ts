import { candleFailures, PluginError } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { expect, it } from "vitest";
import { daysAgo, from } from "./testing/calendar.ts";
import { dailyFrom, failing, onTestClock, row, setting } from "./testing/setting.ts";

it("a series that failed keeps its error and its tries, of all runs, until it is fetched", () =>
  onTestClock(Effect.gen(function* () {
    const away = failing(new PluginError.Unavailable({ message: "away" }));
    const at = yield* setting([row(1, "AAA"), row(2, "BBB")]);
    const broken: PretendMarket = {
      candles: (request) =>
        request.subject.tradingsymbol === "AAA" ? Effect.fail(away) : dailyFrom(daysAgo(90))(request),
    };
    for (const tries of [3, 6]) {
      yield* at.runWell(broken, { from, retryAttempts: 3 });
      expect(at.sink.rows(candleFailures)).toMatchObject([
        {
          source: "pretend",
          instrument_id: 1,
          interval: "day",
          reason: "Unavailable",
          message: "away",
          tries,
        },
      ]);
    }
    yield* at.runWell({ candles: dailyFrom(daysAgo(90)) }, { from });
    expect(at.sink.rows(candleFailures)).toEqual([]);
    // What every series shares says nothing of one.
    const refused = failing(new PluginError.Unauthorized({ message: "expired", hint: "log in" }));
    yield* TestClock.adjust("1 day");
    yield* at.run({ candles: () => Effect.fail(refused) }, { from });
    expect(at.sink.rows(candleFailures)).toEqual([]);
  })));
