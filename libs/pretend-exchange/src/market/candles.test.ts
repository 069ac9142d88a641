import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isTradingDay, sessionOn } from "../calendar/sessions.ts";
import { type Interval, MINUTES } from "../interval.ts";
import { type Day, DAY_SECONDS, dayOf, formatDay, type LocalSeconds, parseDay } from "../time.ts";
import { CandleWriter } from "./candle-writer.ts";
import { INTRADAY_SINCE, writeCandles } from "./candles.ts";
import type { Instrument } from "./instrument.ts";
import { makeMarket } from "./market.ts";
import { wording } from "../test-wording.ts";
import type { Series } from "./series.ts";

const format = wording.candles;

type Row = readonly [
  stamp: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  oi: number,
];

const market = makeMarket(1);
const today = dayOf(2026, 11, 20);
const at = (day: Day, hour = 0, minute = 0, second = 0): LocalSeconds =>
  day * DAY_SECONDS + hour * 3600 + minute * 60 + second;
const evening = at(today, 23, 55);

const text = (
  series: Series,
  interval: Interval,
  from: LocalSeconds,
  to: LocalSeconds,
  now = evening,
): string => {
  const writer = new CandleWriter(format, true, 1);
  writeCandles(writer, series, { interval, from, to, now });
  return new TextDecoder().decode(writer.finish());
};

const candles = (...args: Parameters<typeof text>): ReadonlyArray<Row> =>
  JSON.parse(text(...args)).data.candles;

const { instruments } = market.listingOn(today);
const find = (symbol: string): Instrument => {
  const found = instruments.find(({ tradingsymbol }) => tradingsymbol === symbol);
  if (found === undefined) throw new Error(`no ${symbol}`);
  return found;
};
const ember = find("EMBERBANK").series;

const anyInstrument = fc.nat(instruments.length - 1).map((i) => instruments[i] ?? find("EMBERBANK"));
const anyInterval = fc.constantFrom(...Object.keys(MINUTES) as ReadonlyArray<Interval>);
const recentDay = fc.integer({ min: dayOf(2016, 1, 1), max: today });

describe("candles", () => {
  it("of a range are those of its parts, wherever it is cut", () => {
    fc.assert(
      fc.property(
        anyInstrument,
        anyInterval,
        fc.integer({ min: dayOf(1995, 1, 1), max: today }),
        fc.nat(6),
        fc.nat(DAY_SECONDS - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ series }, interval, anyDay, days, second, share) => {
          const day = interval === "day" ? anyDay : Math.max(anyDay, INTRADAY_SINCE);
          const from = interval === "day" ? at(day) : at(day) + second;
          const to = at(day + (interval === "day" ? days * 40 : days)) + second;
          const rough = from + Math.floor((to - from) * share);
          const cut = interval === "day" ? at(Math.floor(rough / DAY_SECONDS), 23, 59, 59) : rough;
          const whole = candles(series, interval, from, to);
          const parts = [
            ...candles(series, interval, from, Math.min(cut, to)),
            ...candles(series, interval, cut + 1, to),
          ];
          expect(parts).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are valid: in order, inside the range, high and low around open and close, positive, inside a session", () => {
    fc.assert(
      fc.property(anyInstrument, anyInterval, recentDay, ({ series }, interval, day) => {
        const rows = candles(series, interval, at(day), at(day + 3, 23, 59, 59));
        let before = "";
        for (const [stamp, open, high, low, close, volume, oi] of rows) {
          expect(stamp > before).toBe(true);
          before = stamp;
          expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
          expect(low).toBeLessThanOrEqual(Math.min(open, close));
          expect(low).toBeGreaterThan(0);
          expect(Number.isInteger(volume) && volume >= 0 && Number.isInteger(oi) && oi >= 0).toBe(true);
          const on = parseDay(stamp.slice(0, 10)) ?? 0;
          expect(on >= Math.max(day, series.listed) && on <= Math.min(day + 3, series.last)).toBe(true);
          expect(isTradingDay(on)).toBe(true);
          if (interval === "day") continue;
          const minute = Number(stamp.slice(11, 13)) * 60 + Number(stamp.slice(14, 16));
          const session = sessionOn(series.hours, on) ?? [];
          expect(session.some(([open, close]) => minute >= open - 60 && minute < close)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("of a day are what its minutes add up to, in every interval", () => {
    fc.assert(
      fc.property(anyInstrument, recentDay, anyInterval, ({ series }, day, interval) => {
        const daily = candles(series, "day", at(day), at(day))[0];
        const parts = candles(series, interval, at(day), at(day, 23, 59, 59));
        if (daily === undefined) {
          expect(parts).toEqual([]);
          return;
        }
        expect(parts[0]?.[1]).toBe(daily[1]);
        expect(Math.max(...parts.map((row) => row[2]))).toBe(daily[2]);
        expect(Math.min(...parts.map((row) => row[3]))).toBe(daily[3]);
        expect(parts.at(-1)?.[4]).toBe(daily[4]);
        expect(parts.reduce((sum, row) => sum + row[5], 0)).toBe(daily[5]);
        expect(parts.at(-1)?.[6]).toBe(daily[6]);
      }),
      { numRuns: 200 },
    );
  });

  it("start at the session's opening and step by the interval", () => {
    const stamps = candles(ember, "60minute", at(dayOf(2024, 12, 5)), at(dayOf(2024, 12, 5), 23, 59)).map((
      [stamp],
    ) => stamp);
    expect(stamps).toEqual(
      ["09:15", "10:15", "11:15", "12:15", "13:15", "14:15", "15:15"].map((time) =>
        `2024-12-05T${time}:00+0530`
      ),
    );
    const muhurat = candles(ember, "60minute", at(dayOf(2025, 10, 21)), at(dayOf(2025, 10, 21), 23, 59));
    expect(muhurat.map(([stamp]) => stamp)).toEqual(["2025-10-21T13:45:00+0530"]);
  });

  it("take their bounds as inclusive", () => {
    const day = dayOf(2024, 12, 5);
    const rows = candles(ember, "minute", at(day, 10, 0), at(day, 10, 3));
    expect(rows.map(([stamp]) => stamp.slice(11, 16))).toEqual(["10:00", "10:01", "10:02", "10:03"]);
    expect(candles(ember, "minute", at(day, 10, 0, 1), at(day, 10, 2, 59))).toHaveLength(2);
    expect(candles(ember, "day", at(day, 9, 15), at(day + 1, 9, 15))).toHaveLength(2);
  });

  it("go back to the listing, those of minutes to 2015", () => {
    const first = candles(ember, "day", at(dayOf(1990, 1, 1)), at(dayOf(1995, 1, 1)))[0]?.[0];
    expect(first).toBe(`${formatDay(ember.listed)}T00:00:00+0530`);
    expect(candles(ember, "minute", at(INTRADAY_SINCE - 30), at(INTRADAY_SINCE - 1, 23, 59))).toEqual([]);
    expect(candles(ember, "minute", at(INTRADAY_SINCE), at(INTRADAY_SINCE, 23, 59))).toHaveLength(375);
  });

  it("of one instrument begin with zero-price placeholders before its listing", () => {
    const { series } = find("EVENTPORT");
    const rows = candles(series, "day", at(series.listed - 30), at(series.listed));
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.slice(0, -1).every((row) => row.slice(1).every((value) => value === 0))).toBe(true);
    expect(rows.at(-1)?.[1]).toBeGreaterThan(0);
  });

  it("are restated by a split from its ex-date on, and not before", () => {
    const company = market.companies.find(({ onNse, tick, series, actions, listed }) =>
      onNse && tick === 500 && series === "" && actions.length === 1 && actions[0]?.ratio === 2 &&
      (actions[0]?.exDay ?? 0) < today && listed < dayOf(2010, 1, 1)
    );
    const exDay = company?.actions[0]?.exDay;
    const listed = market.listingOn(exDay ?? 0).instruments.find(({ series }) =>
      series.path === company?.path
    );
    if (exDay === undefined || listed === undefined) return expect.unreachable();
    const days = [at(exDay - 40), at(exDay - 1)] as const;
    const before = candles(listed.series, "day", ...days, at(exDay - 1, 23, 0));
    const after = candles(listed.series, "day", ...days, at(exDay));
    expect(before.length).toBeGreaterThan(20);
    const halved = (price: number) => Math.round(price * 100 / 2) / 100;
    expect(after.map((row) => row[4])).toEqual(before.map((row) => halved(row[4])));
    expect(after.map((row) => row[5])).toEqual(before.map((row) => row[5] * 2));
    expect(before.every((row) => Math.abs(row[4] * 20 - Math.round(row[4] * 20)) < 1e-6)).toBe(true);
    expect(after.some((row) => Math.abs(row[4] * 20 - Math.round(row[4] * 20)) > 1e-6)).toBe(true);
  });

  it("do not jump on an ex-date: the day opens near the adjusted close of the day before", () => {
    const jumps = instruments.filter(({ series }) => series.lotsPerDay > 0).flatMap((
      { series, tradingsymbol },
    ) =>
      series.actions.filter(({ exDay }) => exDay > series.listed && exDay <= Math.min(today, series.last))
        .map(({ exDay }) => {
          const rows = candles(series, "day", at(exDay - 10), at(exDay));
          const [before, exDate] = rows.slice(-2);
          if (exDate?.[0].slice(0, 10) !== formatDay(exDay) || before === undefined) return undefined;
          const change = exDate[1] / before[4];
          return { tradingsymbol, change, jumped: change < 0.8 || change > 1.25 };
        })
    ).filter((seen) => seen !== undefined);
    expect(jumps.length).toBeGreaterThan(50);
    expect(jumps.filter(({ jumped }) => jumped)).toEqual([]);
  });

  it("keep ticks of a quarter of a paisa", () => {
    const future = instruments.find(({ segment }) => segment === "CDS-FUT");
    if (future === undefined) return expect.unreachable();
    const raw = text(future.series, "day", at(today - 60), at(today));
    expect(raw).toMatch(/\d\.\d{3}[5],|\d\.\d{2}[27]5,/);
    expect(raw).not.toMatch(/\.\d{5}/);
  });

  it("of an index have no volume, those of a contract have open interest in lots", () => {
    const index = candles(find("LANTERN 50").series, "5minute", at(today), at(today, 23, 59));
    expect(index.length).toBe(75);
    expect(index.every((row) => row[5] === 0 && row[6] === 0)).toBe(true);
    const { series } = instruments.find(({ tradingsymbol }) => /^LANTERN26NOVFUT/.test(tradingsymbol)) ??
      find("");
    const future = candles(series, "day", at(today - 20), at(today));
    expect(future.every((row) => row[6] > 0 && row[6] % series.lot === 0 && row[5] % series.lot === 0)).toBe(
      true,
    );
  });

  it("are the same on every machine", () => {
    const digest = createHash("sha256");
    for (const symbol of ["EMBERBANK", "TAR&TALLOW", "LANTERN 50"]) {
      digest.update(text(find(symbol).series, "day", at(dayOf(1995, 1, 1)), at(today - 1)));
      digest.update(
        text(find(symbol).series, "minute", at(dayOf(2021, 3, 1)), at(dayOf(2021, 3, 5), 23, 59)),
      );
    }
    expect(digest.digest("hex")).toBe("1d3a6a163e2ba94a2d0b933f171b00081fc6bd836e301d8eb3d0262acb1e0d9a");
  });
});

describe("today's candles", () => {
  it("are not there before the opening and complete after the close", () => {
    expect(candles(ember, "day", at(today), at(today), at(today, 9, 14, 59))).toEqual([]);
    const closed = candles(ember, "minute", at(today), at(today, 23, 59), at(today, 15, 36));
    expect(closed).toHaveLength(380);
    expect(candles(ember, "day", at(today), at(today), at(today, 15, 36))).toEqual(
      candles(ember, "day", at(today), at(today), evening),
    );
  });

  it("are partial while the market is open, the last one changing", () => {
    const volumes = [at(today, 11, 0, 10), at(today, 11, 0, 50), at(today, 11, 1, 5)].map((now) => {
      const minutes = candles(ember, "minute", at(today), at(today, 23, 59), now);
      const daily = candles(ember, "day", at(today), at(today), now)[0];
      expect(minutes.reduce((sum, row) => sum + row[5], 0)).toBe(daily?.[5]);
      expect(Math.max(...minutes.map((row) => row[2]))).toBe(daily?.[2]);
      expect(minutes.at(-1)?.[4]).toBe(daily?.[4]);
      return [minutes.at(-1)?.[0].slice(11, 16), daily?.[5]] as const;
    });
    expect(volumes.map(([stamp]) => stamp)).toEqual(["11:00", "11:00", "11:01"]);
    expect(volumes[0]?.[1]).toBeLessThan(volumes[1]?.[1] ?? 0);
  });
});

describe("continuous futures", () => {
  const contracts = instruments.filter(({ tradingsymbol }) => /^TAPERPHAR.*FUT$/.test(tradingsymbol));

  it("join the front contracts, each until its expiry", () => {
    const parts = contracts[0]?.continuous?.(dayOf(2024, 1, 1), dayOf(2024, 12, 31)) ?? [];
    expect(parts).toHaveLength(13);
    parts.slice(1).forEach((part, i) => expect(part.from).toBe((parts[i]?.to ?? 0) + 1));
    expect(parts.slice(0, -1).every(({ series, to }) => series.last === to)).toBe(true);
  });

  it("are not offered for currencies", () => {
    expect(
      instruments.filter(({ segment }) => segment === "CDS-FUT").every(({ continuous }) =>
        continuous === undefined
      ),
    ).toBe(true);
  });
});
