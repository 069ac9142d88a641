import type { Candle, Source } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { expect } from "vitest";
import { daysAgo } from "./calendar.ts";
import { candles, DAY, NOW, TODAY } from "./setting.ts";

/** The price of a day, in paise: it moves, so that each day's bar is its own. */
export const priceOf = (ts: number): number => 100_000 + Math.round(20_000 * Math.sin(ts / DAY));

/** A market whose prices before `exDate` were multiplied, and with single days told otherwise. */
export interface History {
  readonly listed: number;
  readonly factor?: number;
  readonly exDate?: number;
  readonly corrected?: ReadonlyMap<number, number>;
}

export const candleOf = (history: History, ts: number): Candle.Candle => {
  const factor = history.exDate !== undefined && ts < history.exDate ? history.factor! : 1;
  const price = history.corrected?.get(ts) ?? priceOf(ts);
  const text = (paise: number) => (Math.round(paise * factor) / 100).toFixed(2);
  return {
    ts,
    open: text(price),
    high: text(price + 2_500),
    low: text(priceOf(ts) - 1_900),
    close: text(price + 300),
    volume: Math.round(1_000 / factor),
    oi: null,
  };
};

export const telling = (history: History): PretendMarket => ({
  candles: (request: Source.CandleRequest) =>
    Effect.sync(() => {
      const found: Array<Candle.Candle> = [];
      const first = Math.max(history.listed, request.from);
      for (
        let ts = TODAY - Math.floor((TODAY - first) / DAY) * DAY;
        ts < request.to && ts <= NOW;
        ts += DAY
      ) {
        if (ts >= request.from) found.push(candleOf(history, ts));
      }
      return { candles: found, rejected: [] };
    }),
});

export const dayText = (ts: number): string => new Date(ts + 6 * 3_600_000).toISOString().slice(0, 10);
export const from = dayText(daysAgo(400));

/** What is stored must be this history, digit for digit. */
export const expectHistory = (
  at: { readonly sink: { rows: (of: typeof candles) => ReadonlyArray<unknown> } },
  history: History,
) => {
  const stored = at.sink.rows(candles) as ReadonlyArray<Candle.Candle>;
  for (const one of stored) expect(one).toMatchObject({ ...candleOf(history, one.ts) });
  return stored.length;
};
