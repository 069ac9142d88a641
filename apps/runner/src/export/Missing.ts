import {
  Calendar,
  candleHistory,
  Completeness,
  Knowledge,
  MarketTime,
  type PluginError,
  type Sink,
  type Source,
} from "@candlewick/core";
import { Effect } from "effect";
import type { ExportValues } from "./Options.ts";
import type { SeriesTally } from "./Rows.ts";
import type { Series } from "./Series.ts";

/** How long after a session's close its candles may still change, as `coverage` takes it, milliseconds. */
const SETTLE = 2 * 3_600_000;

/** What the series of one exchange have in common. */
interface Market {
  readonly now: number;
  readonly settled: number;
  readonly calendar: Calendar.Calendar | undefined;
  /** The sessions of all days that are exported, where there is a calendar. */
  readonly expected: Completeness.Expected | undefined;
}

export type Markets = ReadonlyMap<string, Market>;

type Interval = Pick<ExportValues, "interval">;

const span = (series: ReadonlyArray<Series>) => {
  const known = series.flatMap(({ from, to }) => from === undefined || to < from ? [] : [{ from, to }]);
  return known.length === 0 ? undefined : {
    from: known.map(({ from }) => from).sort()[0]!,
    to: known.map(({ to }) => to).sort().at(-1)!,
  };
};

/** What can be expected of each exchange, worked out once for all of its series. */
export const marketsOf = Effect.fnUntraced(function* (
  series: ReadonlyArray<Series>,
  { timeZone }: Pick<Source.SourceInfo, "timeZone">,
  { interval }: Interval,
  now: number,
): Effect.fn.Return<Markets, PluginError.PluginError> {
  const { of } = yield* Calendar.Calendars;
  const markets = new Map<string, Market>();
  for (const [exchange, own] of Map.groupBy(series, ({ listing }) => listing.exchange)) {
    const calendar = yield* of(exchange);
    const days = span(own);
    markets.set(exchange, {
      now,
      settled: Calendar.settledAt(now, SETTLE, timeZone, calendar),
      calendar,
      expected: calendar === undefined || days === undefined
        ? undefined
        : Completeness.expectedOf(calendar, { ...days, isDaily: interval === "day", timeZone }),
    });
  }
  return markets;
});

/** What a series lacks between its days, of what is known about it. */
const holesOf = (
  { from, to }: Series,
  known: Completeness.Knowledge,
  { calendar, expected, now, settled }: Market,
  timeZone: string,
): ReadonlyArray<Completeness.Hole> => {
  if (from === undefined || to < from) return [];
  const unfetched = (days: { readonly from: MarketTime.Day; readonly to: MarketTime.Day }) =>
    days.to < days.from ? [] : Completeness.unfetched(known, { ...days, timeZone }, settled);
  const found = calendar === undefined || expected === undefined ? unfetched({ from, to }) : [
    ...unfetched({ from, to: [to, MarketTime.addDays(calendar.from, -1)].sort()[0]! }),
    ...Completeness.inspect(Completeness.within(expected, from, to), known, { now, settled }).holes,
    ...unfetched({ from: [from, MarketTime.addDays(calendar.to, 1)].sort()[1]!, to }),
  ];
  return found.filter(({ reason }) => Completeness.isMissing(reason));
};

/**
 * What is missing of a series that was written. Where the rows themselves show that all is there, as they mostly do,
 * the store is asked for nothing more.
 */
export const missingOf = Effect.fnUntraced(function* (
  sink: Sink.Sink["Service"],
  info: Source.SourceInfo,
  series: Series,
  { interval }: Interval,
  tally: SeriesTally,
  market: Market,
): Effect.fn.Return<ReadonlyArray<Completeness.Hole>, PluginError.PluginError> {
  const { covered, failure, from, listing, to } = series;
  if (from === undefined || to < from) return [];
  const seen = { covered, present: tally.present, firstEver: undefined, rejected: new Set<string>() };
  if (failure === undefined && holesOf(series, seen, market, info.timeZone).length === 0) return [];
  const known = yield* Knowledge.load(sink, {
    source: info.id,
    candles: candleHistory(info),
    series: { instrumentId: listing.instrument_id, interval },
    from: MarketTime.dayStart(from, info.timeZone),
    to: MarketTime.dayStart(MarketTime.addDays(to, 1), info.timeZone),
    timeZone: info.timeZone,
    covered,
    failure,
  });
  return holesOf(series, known, market, info.timeZone);
});
