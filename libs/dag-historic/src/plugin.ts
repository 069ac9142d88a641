import {
  candleView,
  Dag,
  instrumentMaster,
  Listing,
  Plugin,
  Retry,
  type RunSummary,
  Sink,
  Source,
  Units,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { type Parameters, parameters } from "./parameters.ts";
import { requestSpan } from "./planning.ts";
import { requestProgress } from "./progress.ts";
import { fetchSeries } from "./series.ts";
import { unexpectedBy } from "./unexpected.ts";
import { addFetched, noTotals, summarize } from "./summary.ts";
import { datasetsOf, ensureAll, planWork } from "./work.ts";

/** prepare, plan, authenticate when there is something to fetch, fetch. */
const historic = (chosen: Parameters) => {
  const policy = Retry.policyOf(chosen);
  const prepare = Dag.start(
    "prepare",
    Effect.gen(function* () {
      const { info } = yield* Source.SourceSession;
      yield* ensureAll(info);
      return info;
    }),
  );
  const plan = Dag.after("plan", { info: prepare }, () => planWork(chosen));
  const authenticate = Dag.after("authenticate", { work: plan }, ({ work }) =>
    Effect.gen(function* () {
      const session = yield* Source.SourceSession;
      if (work.series.length > 0) yield* Retry.retrying(policy)(session.authenticate);
    }));
  return Dag.after(
    "fetch",
    { info: prepare, work: plan, authenticated: authenticate },
    ({ info, work }) =>
      Effect.gen(function* () {
        const progress = requestProgress(work.requests);
        yield* progress.begin;
        const add = addFetched(info.timeZone);
        const outcome = yield* Units.forEachUnit(work.series, {
          unit: "instruments",
          key: (series) => Listing.symbolOf(series.listing),
          concurrency: chosen.parallelism,
          progress: false,
          run: fetchSeries({
            interval: chosen.interval,
            datasets: datasetsOf(info),
            policy,
            span: requestSpan(info, chosen.interval)!,
            refetch: chosen.refetch,
            isUnexpected: unexpectedBy(work.calendars, info.timeZone),
            onRequest: progress.onRequest,
          }),
          initial: noTotals,
          fold: (totals, fetched, series) => add(totals, fetched, series.listing),
        });
        return summarize({
          work,
          interval: chosen.interval,
          timeZone: info.timeZone,
          view: candleView(info).name,
          done: outcome.done,
          failures: outcome.failures,
          totals: outcome.state,
        });
      }),
  );
};

/** `instruments` comes first when the store holds no listing of the source. */
const prerequisites = Effect.fnUntraced(function* (_chosen: Parameters) {
  const sink = yield* Sink.Sink;
  const { info } = yield* Source.SourceSession;
  const master = instrumentMaster(info);
  yield* sink.ensure(master);
  const first = yield* Stream.runHead(sink.select(master, { columns: ["instrument_id"], limit: 1 }));
  return first._tag === "None" || first.value.length === 0 ? ["instruments"] : [];
});

const plan = Effect.fnUntraced(function* (chosen: Parameters) {
  const { info } = yield* Source.SourceSession;
  yield* ensureAll(info);
  const work = yield* planWork(chosen);
  if (work.listings.length === 0 && (yield* prerequisites(chosen)).length > 0) {
    return {
      headline: `Not known before instruments has run: the store holds no listing of ${info.name}`,
      requests: 0,
      seconds: 0,
      tables: [],
      notes: [],
    } satisfies RunSummary.RunPlan;
  }
  const requests = work.requests === 0 ? 0 : work.requests + 1;
  return {
    headline: work.requests === 0
      ? `Nothing to do: ${work.listings.length} instruments complete at interval ${chosen.interval}`
      : `Would ask ${info.name} for candles of ${work.series.length} of ${work.listings.length} instruments, ` +
        `interval ${chosen.interval}`,
    requests,
    seconds: Source.expectedSeconds(work.requests, info.limits.candles),
    tables: [],
    notes: work.unknown.map((failure) => failure.message),
  } satisfies RunSummary.RunPlan;
});

export default Plugin.dag({
  id: "historic",
  summary: "OHLCV candles, complete and current",
  parameters,
  needs: ["candles"],
  after: ["instruments"],
  prerequisites,
  plan,
  run: (chosen) => Dag.run("historic", historic(chosen)),
});
