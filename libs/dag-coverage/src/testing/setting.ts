import {
  Calendar,
  candleCoverage,
  candleFailures,
  candleHistory,
  candleRevisions,
  type CandleRow,
  Completeness,
  type CoverageRow,
  type FailureRow,
  governed,
  instrumentMaster,
  type InstrumentRow,
  MarketTime,
  rejectedRecords,
  restatements,
  RunEvent,
  Sink,
} from "@candlewick/core";
import { memorySink, type MemorySinkOptions, pretendInfo, pretendSource } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { type Parameters, parameters } from "../parameters.ts";
import plugin from "../plugin.ts";

export { listing } from "@candlewick/core/testing";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const { timeZone } = pretendInfo;
export const start = (day: MarketTime.Day): number => MarketTime.dayStart(day, timeZone);

/** Friday afternoon in India, after the close and before it has settled. */
export const NOW = Date.parse("2026-11-20T16:00:00+05:30");
export const TODAY = "2026-11-20";

const info = { ...pretendInfo, earliest: {} };
export const master = instrumentMaster(info);
export const candles = candleHistory(info);
export const coverage = candleCoverage(info);

/** Mondays to Fridays from 09:15 to 15:30 from 2020 to 2026, but for the closed days. */
export const weekdays = (...closed: ReadonlyArray<MarketTime.Day>): Calendar.Calendar => {
  const closedFor = (day: MarketTime.Day) =>
    closed.includes(day)
      ? "holiday"
      : [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
      ? "weekend"
      : undefined;
  return {
    exchange: "NSE",
    timeZone,
    from: "2020-01-01",
    to: "2026-12-31",
    closedFor,
    sessionOn: (day) => {
      if (closedFor(day) !== undefined) return undefined;
      const period = { from: start(day) + 9.25 * HOUR, to: start(day) + 15.5 * HOUR };
      return { day, opens: period.from, closes: period.to, periods: [period] };
    },
    layers: [],
  };
};

export const fetched = (
  instrument_id: number,
  from: MarketTime.Day,
  /** Inclusive. */
  to: MarketTime.Day,
  fields: Partial<CoverageRow> = {},
): CoverageRow => ({
  instrument_id,
  interval: "day",
  range_start: start(from),
  range_end: start(MarketTime.addDays(to, 1)),
  is_final: true,
  fetched_at: 0,
  ...fields,
});

/** Final day candles of some days. */
export const bars = (
  instrument_id: number,
  days: Iterable<MarketTime.Day>,
  fields: Partial<CandleRow> = {},
): ReadonlyArray<CandleRow> =>
  Array.from(days, (day) => ({
    instrument_id,
    interval: "day",
    ts: start(day),
    open: "1",
    high: "1",
    low: "1",
    close: "1",
    volume: 1,
    oi: null,
    is_final: true,
    fetched_at: 0,
    ...fields,
  }));

export const failed = (
  instrument_id: number,
  from: MarketTime.Day,
  to: MarketTime.Day,
  fields: Partial<FailureRow> = {},
): FailureRow => ({
  source: info.id,
  instrument_id,
  interval: "day",
  range_start: start(from),
  range_end: start(MarketTime.addDays(to, 1)),
  reason: "Unavailable",
  message: "HTTP 503",
  tries: 4,
  failed_at: NOW,
  ...fields,
});

/** The sessions of some days, both inclusive. */
export const sessions = (from: MarketTime.Day, to: MarketTime.Day): ReadonlyArray<MarketTime.Day> =>
  Calendar.sessionsBetween(weekdays(), from, to).map(({ day }) => day);

/** What `details` holds, as a reader of the JSON sees it. */
export interface Detail {
  readonly symbol: string;
  readonly instrumentId: number;
  readonly expected: number | null;
  readonly present: number;
  readonly share: number | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly holes: ReadonlyArray<Completeness.Hole>;
  readonly unexpected: ReadonlyArray<string>;
  readonly revisions: number;
  readonly restatements: number;
  readonly lastFailure: { readonly error: string; readonly tries: number } | null;
}

/** A store with some listings at `NOW`; `run` reports, `tell` fills. */
export const setting = Effect.fnUntraced(function* (
  listings: ReadonlyArray<InstrumentRow>,
  calendar: Calendar.Calendar | undefined = weekdays(),
  options: MemorySinkOptions = {},
) {
  yield* TestClock.setTime(NOW);
  const sink = yield* memorySink(options);
  for (const dataset of [master, candles, coverage]) yield* sink.ensure(dataset);
  for (const dataset of [candleFailures, candleRevisions, restatements, rejectedRecords]) {
    yield* sink.ensure(dataset);
  }
  yield* sink.upsert(master, listings);
  const source = pretendSource({ info: { earliest: {} } });
  const services = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
    return yield* effect.pipe(
      Effect.provideContext(yield* governed(source.services)),
      Effect.provideService(Sink.Sink, sink),
      Effect.provideService(Calendar.Calendars, {
        of: (exchange) => Effect.succeed(exchange === "NSE" ? calendar : undefined),
        exchanges: ["NSE"],
      }),
    );
  });
  const defaults = Object.fromEntries(
    Object.entries(parameters).map(([key, { fallback }]) => [key, fallback]),
  ) as unknown as Parameters;
  const events: Array<RunEvent.RunEvent> = [];
  return {
    sink,
    events,
    requests: source.requests,
    plan: (given: Partial<Parameters> = {}) => services(plugin.plan({ ...defaults, ...given })),
    run: (given: Partial<Parameters> = {}) =>
      services(plugin.run({ ...defaults, ...given })).pipe(
        Effect.provideService(RunEvent.RunEvents, {
          publish: (event) => Effect.sync(() => void events.push(event)),
        }),
        Effect.map((summary) => ({
          ...summary,
          series: JSON.parse(JSON.stringify(summary.details)) as ReadonlyArray<Detail>,
        })),
      ),
  };
});

export const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));
