import { type Interval, Listing, MarketTime, type RunSummary, Sink, Text } from "@candlewick/core";
import { type Fetched } from "./tally.ts";
import type { Work } from "./work.ts";

/** Up to this many instruments each has a row of its own in the summary. */
const ROWS = 40;

export interface Totals {
  readonly requests: number;
  readonly counts: Sink.WriteCounts;
  readonly rejected: number;
  readonly provisional: number;
  readonly revised: number;
  /** Instruments whose history was fetched afresh, with the factor where it is one. */
  readonly restated: ReadonlyArray<{ readonly symbol: string; readonly factor: string | null }>;
  /** Days with a candle though the exchange's calendar calls them closed: `NSE 2024-03-02`. */
  readonly unexpected: ReadonlySet<string>;
  /** The first instruments done, for the table. */
  readonly shown: ReadonlyArray<{ readonly listing: Listing.Listing; readonly fetched: Fetched }>;
}

export const noTotals: Totals = {
  requests: 0,
  counts: Sink.noWrites,
  rejected: 0,
  provisional: 0,
  revised: 0,
  restated: [],
  unexpected: new Set(),
  shown: [],
};

export const addFetched =
  (timeZone: string) => (totals: Totals, fetched: Fetched, listing: Listing.Listing): Totals => ({
    requests: totals.requests + fetched.requests,
    counts: Sink.addCounts(totals.counts, fetched.counts),
    rejected: totals.rejected + fetched.rejected,
    provisional: totals.provisional + fetched.provisional,
    revised: totals.revised + fetched.revised,
    restated: fetched.restated === undefined
      ? totals.restated
      : [...totals.restated, { symbol: Listing.symbolOf(listing), factor: fetched.restated.factor }],
    unexpected: fetched.unexpected.length === 0 ? totals.unexpected : new Set([
      ...totals.unexpected,
      ...fetched.unexpected.map((ts) => `${listing.exchange} ${MarketTime.dayOf(ts, timeZone)}`),
    ]),
    shown: totals.shown.length < ROWS ? [...totals.shown, { listing, fetched }] : totals.shown,
  });

/** What a run did, for a person to check. */
export const summarize = (
  run: {
    readonly work: Work;
    readonly interval: Interval.Interval;
    readonly timeZone: string;
    readonly view: string;
    readonly done: number;
    readonly failures: ReadonlyArray<RunSummary.UnitFailure>;
    readonly totals: Totals;
  },
): RunSummary.RunSummary => {
  const { work, totals } = run;
  const failures = [...work.unknown, ...run.failures];
  const upToDate = work.listings.length - work.series.length;
  const complete = upToDate + run.done;
  const outcome = failures.length > 0
    ? (complete === 0 ? "failed" : "partial")
    : work.series.length === 0
    ? "nothing"
    : "done";
  return {
    outcome,
    headline: headlineOf(outcome, run, complete, failures.length),
    counts: {
      instruments: work.listings.length + work.unknown.length,
      complete,
      failed: failures.length,
      requests: totals.requests,
      inserted: totals.counts.inserted,
      updated: totals.counts.updated,
      unchanged: totals.counts.unchanged,
      provisional: totals.provisional,
      revised: totals.revised,
      restated: totals.restated.length,
      rejected: totals.rejected,
    },
    tables: totals.shown.length === 0 || run.done > ROWS ? [] : [tableOf(run.totals, run.timeZone)],
    failures,
    notes: notesOf(run),
  };
};

const headlineOf = (
  outcome: RunSummary.RunSummary["outcome"],
  run: Parameters<typeof summarize>[0],
  complete: number,
  failed: number,
): string => {
  const { totals, work } = run;
  if (work.listings.length + work.unknown.length === 0) {
    return "No instrument is chosen: none of the store's listings fits the exchanges and instrument types";
  }
  if (outcome === "nothing") {
    return `Nothing to do: ${Text.count(complete, "instrument")} complete at interval ${run.interval}`;
  }
  const fetched =
    `${Text.count(totals.counts.inserted, "new candle")} of ${Text.count(run.done, "instrument")} by ` +
    Text.count(totals.requests, "request");
  return failed === 0 ? fetched : `${fetched}; ${Text.count(failed, "instrument")} failed`;
};

const tableOf = (totals: Totals, timeZone: string): RunSummary.SummaryTable => ({
  title: "Fetched",
  columns: ["instrument", "requests", "new", "changed", "rejected", "first", "last", "last close"],
  rows: [...totals.shown]
    .sort((left, right) => Listing.symbolOf(left.listing).localeCompare(Listing.symbolOf(right.listing)))
    .map(({ listing, fetched }) => [
      Listing.symbolOf(listing),
      fetched.requests,
      fetched.counts.inserted,
      fetched.counts.updated,
      fetched.rejected,
      fetched.first === undefined ? "-" : MarketTime.dayOf(fetched.first.ts, timeZone),
      fetched.last === undefined ? "-" : MarketTime.dayOf(fetched.last.ts, timeZone),
      fetched.last?.close ?? "-",
    ]),
});

const restatedNote = (restated: Totals["restated"]): string =>
  `${Text.count(restated.length, "series", "series")} fetched afresh and replaced whole, see restatements: ${
    Text.named(restated.map(({ factor, symbol }) =>
      factor === null ? symbol : `${symbol} (prices x ${factor})`
    ))
  }`;

const unexpectedNote = (days: ReadonlyArray<string>): string =>
  `Candles on ${Text.count(days.length, "day")} that the calendar calls closed, kept: ${
    Text.named(days)
  }; config/calendars can say that these are sessions`;

const notesOf = (run: Parameters<typeof summarize>[0]): ReadonlyArray<string> => {
  const { totals } = run;
  return [
    ...(totals.provisional > 0
      ? [
        `${
          Text.count(totals.provisional, "candle")
        } of a day still open: provisional, fetched again by the next run`,
      ]
      : []),
    ...(totals.revised > 0
      ? [
        `${
          Text.count(totals.revised, "final candle")
        } changed at the vendor since: corrected, see candle_revisions`,
      ]
      : []),
    ...(run.work.unjudged.length > 0
      ? [
        `--heal knows no calendar of ${run.work.unjudged.join(", ")}, so it cannot tell holes there: ` +
        "config/calendars can say which days trade",
      ]
      : []),
    ...(totals.restated.length > 0 ? [restatedNote(totals.restated)] : []),
    ...(totals.unexpected.size > 0 ? [unexpectedNote([...totals.unexpected].sort())] : []),
    ...(totals.rejected > 0
      ? [`${Text.count(totals.rejected, "rejected record")} in the table rejected_records, with the reason`]
      : []),
    ...(totals.requests > 0 ? [`Candles with their symbols: the view ${run.view}`] : []),
  ];
};
