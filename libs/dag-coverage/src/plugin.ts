import {
  Calendar,
  Completeness,
  Dag,
  Listing,
  MarketTime,
  Plugin,
  type RunSummary,
  Source,
  Units,
} from "@candlewick/core";
import { Clock, Effect } from "effect";
import { assess, type Assessment, type Market } from "./assess.ts";
import { changesAt } from "./changes.ts";
import { type Parameters, parameters } from "./parameters.ts";
import { around, isDaily, isEmpty, type Span, spanOf } from "./span.ts";
import { type Subject, subjectsOf } from "./subjects.ts";
import { summarize } from "./summary.ts";

/** Series read side by side: what keeps the store busy. */
const PARALLELISM = 4;

interface Placed {
  readonly subject: Subject;
  readonly span: Span;
}

/** What the series of each exchange have in common, and the days to look at of each series. */
const place = Effect.fn("coverage.place")(function* (chosen: Parameters, subjects: ReadonlyArray<Subject>) {
  const { info } = yield* Source.SourceSession;
  const { timeZone } = info;
  const { of } = yield* Calendar.Calendars;
  const now = yield* Clock.currentTimeMillis;
  const today = MarketTime.dayOf(now, timeZone);
  const byExchange = Map.groupBy(subjects, ({ listing }) => listing.exchange);
  const markets = new Map<string, Market>();
  const placed: Array<Placed> = [];
  for (const [exchange, own] of byExchange) {
    const calendar = yield* of(exchange);
    const spans = own.map((subject) =>
      spanOf(subject, chosen, { info, today, calendarFrom: calendar?.from })
    );
    placed.push(...own.map((subject, index) => ({ subject, span: spans[index]! })));
    const judged = spans.filter((span) => !isEmpty(span));
    markets.set(exchange, {
      interval: chosen.interval,
      now,
      settled: Calendar.settledAt(now, chosen.settle, timeZone, calendar),
      ...(calendar === undefined ? {} : { calendar }),
      ...(calendar === undefined || judged.length === 0 ? {} : {
        expected: Completeness.expectedOf(calendar, {
          ...around(judged),
          isDaily: isDaily(chosen.interval),
          timeZone,
        }),
      }),
    });
  }
  return { markets, placed, to: chosen.to ?? today };
});

/** find the series, look at each, tell. */
const coverage = (chosen: Parameters) => {
  const find = Dag.start("find", subjectsOf(chosen));
  return Dag.after("look", { found: find }, ({ found }) =>
    Effect.gen(function* () {
      const { markets, placed, to } = yield* place(chosen, found.subjects);
      const changes = yield* changesAt(chosen.interval);
      const assessments: Array<Assessment> = [];
      const { failures } = yield* Units.forEachUnit(placed, {
        unit: "instruments",
        key: ({ subject }) => Listing.symbolOf(subject.listing),
        concurrency: PARALLELISM,
        run: ({ span, subject }) => assess(subject, span, markets.get(subject.listing.exchange)!),
        initial: undefined,
        fold: (_, assessment) => void assessments.push(assessment),
      });
      return summarize({
        assessments,
        markets,
        changes,
        interval: chosen.interval,
        from: chosen.from,
        to,
        failed: [...found.unknown, ...failures],
      });
    }));
};

const plan = Effect.fnUntraced(function* (chosen: Parameters) {
  const { info } = yield* Source.SourceSession;
  const { subjects, unknown } = yield* subjectsOf(chosen);
  return {
    headline: `Would look at ${subjects.length} instruments at interval ${chosen.interval} in the store; ` +
      `${info.name} is asked for nothing`,
    requests: 0,
    seconds: 0,
    tables: [],
    notes: unknown.map(({ message }) => message),
  } satisfies RunSummary.RunPlan;
});

export default Plugin.dag({
  id: "coverage",
  summary: "What of the candles is there, what is missing, and why",
  parameters,
  needs: [],
  after: ["historic"],
  prerequisites: () => Effect.succeed([]),
  plan,
  run: (chosen) => Dag.run("coverage", coverage(chosen)),
});
