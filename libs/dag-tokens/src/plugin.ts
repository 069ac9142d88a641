import {
  Dag,
  MarketTime,
  Plugin,
  type PluginError,
  Retry,
  RunEvent,
  type RunSummary,
  Sink,
  Source,
} from "@candlewick/core";
import { Clock, Effect } from "effect";
import { areCurrent, areStored, type Dumps, dumpsOf, isFrom, needsMaster, type Present } from "./decision.ts";
import { derive } from "./derive.ts";
import { clockText } from "./freshness.ts";
import { type Parameters, parameters } from "./parameters.ts";
import { refused } from "./refused.ts";
import { type Datasets, datasetsOf, ensureAll, readStored, type Stored } from "./store.ts";
import { nothingHeadline, nothingToDo, summarize } from "./summary.ts";

const present = Effect.gen(function* () {
  const { info } = yield* Source.SourceSession;
  const now = yield* Clock.currentTimeMillis;
  return { info, now, today: MarketTime.dayOf(now, info.timeZone) };
});

/** Refuses exchanges that the source does not list. */
const unlisted = ({ cashExchange, exchange }: Parameters, { exchanges, name }: Source.SourceInfo) => {
  const missing = [exchange, cashExchange].filter((one) => !exchanges.includes(one));
  return missing.length === 0
    ? undefined
    : `${name} does not list ${missing.join(" and ")}; it lists ${exchanges.join(", ")}`;
};

const prepare = Effect.gen(function* () {
  const { info } = yield* Source.SourceSession;
  const datasets = datasetsOf(info);
  yield* ensureAll(datasets);
  return datasets;
});

/** Both dumps, or why tokens cannot be derived without one. */
const requireDumps = (
  info: Source.SourceInfo,
  { cashExchange, exchange }: Parameters,
  stored: Stored,
): Effect.Effect<Dumps, PluginError.PluginError> => {
  const dumps = dumpsOf(stored);
  if (dumps !== undefined) return Effect.succeed(dumps);
  const missing = [
    ...(stored.dump === undefined ? [exchange] : []),
    ...(stored.cashDump === undefined ? [cashExchange] : []),
  ];
  return Effect.fail(refused(
    info,
    `the store holds no instrument dump of ${missing.join(" and ")}: --dag=instruments fetches it, ` +
      "if its parameter exchanges does not leave it out",
  ));
};

/** What is not as it should be with the dumps, though a derivation goes on. */
const doubts = (chosen: Parameters, stored: Stored, dumps: Dumps, at: Present): ReadonlyArray<string> => {
  const fetched = clockText(Math.min(dumps.dump.fetchedAt, dumps.cashDump.fetchedAt), at.info);
  if (!areCurrent(dumps, at)) {
    return [
      `The instrument master is not of the vendor's latest dump: it was fetched ${fetched}, and a newer one was ` +
      `ready at ${at.info.dump.readyAt}; --dag=instruments fetches it`,
    ];
  }
  return chosen.force && isFrom(stored.derivation, dumps)
    ? [`Derived again from the dump that was there already, fetched ${fetched}: instruments brought no other`]
    : [];
};

/** One transaction from the reading of the master to the last row: no import of instruments comes between. */
const renew = Effect.fnUntraced(function* (chosen: Parameters, datasets: Datasets) {
  const sink = yield* Sink.Sink;
  const at = yield* present;
  const { derived, dumps, stored } = yield* sink.transaction(
    Effect.gen(function* () {
      const stored = yield* readStored(datasets, chosen);
      const dumps = yield* requireDumps(at.info, chosen, stored);
      return { stored, dumps, derived: yield* derive(at.info, datasets, chosen, at.today, dumps) };
    }),
    { lock: datasets.master.name },
  );
  const warnings = doubts(chosen, stored, dumps, at);
  yield* Effect.forEach(warnings, RunEvent.warn);
  return summarize(chosen.exchange, dumps, derived, warnings);
});

/** prepare, check whether today's tokens are stored, derive them when not. */
const tokens = (chosen: Parameters) => {
  const prepared = Dag.start("prepare", prepare);
  const check = Dag.after("check", { datasets: prepared }, ({ datasets }) =>
    Effect.gen(function* () {
      const at = yield* present;
      const fault = unlisted(chosen, at.info);
      if (fault !== undefined) return yield* refused(at.info, fault);
      const stored = yield* readStored(datasets, chosen);
      const dumps = yield* requireDumps(at.info, chosen, stored);
      return !chosen.force && areStored(chosen, stored, dumps, at)
        ? nothingToDo(at.info, dumps, stored.derivation!, doubts(chosen, stored, dumps, at))
        : undefined;
    }));
  return Dag.after(
    "derive",
    { datasets: prepared, nothing: check },
    ({ datasets, nothing }) =>
      nothing !== undefined
        ? Effect.succeed(nothing)
        : Retry.retrying(Retry.policyOf(chosen))(renew(chosen, datasets)),
  );
};

/** `instruments` comes first when the master is not of the vendor's latest dump, and when it shall be renewed. */
const prerequisites = Effect.fnUntraced(function* (chosen: Parameters) {
  const at = yield* present;
  if (unlisted(chosen, at.info) !== undefined) return [];
  const datasets = datasetsOf(at.info);
  yield* ensureAll(datasets);
  return needsMaster(chosen, yield* readStored(datasets, chosen), at) ? ["instruments"] : [];
});

const plan = Effect.fnUntraced(function* (chosen: Parameters) {
  const at = yield* present;
  const fault = unlisted(chosen, at.info);
  const datasets = yield* prepare;
  const stored = yield* readStored(datasets, chosen);
  const dumps = dumpsOf(stored);
  const { cashExchange, exchange } = chosen;
  const isDone = dumps !== undefined && !needsMaster(chosen, stored, at) &&
    areStored(chosen, stored, dumps, at);
  return {
    headline: fault !== undefined
      ? `Cannot run: ${fault}`
      : isDone
      ? nothingHeadline(at.info, dumps.dump.fetchedAt)
      : `Would derive the tokens of ${exchange} and ${cashExchange} from the instrument master; ` +
        `${at.info.name} is asked for nothing but that`,
    requests: 0,
    seconds: 0,
    tables: [],
    notes: [],
  } satisfies RunSummary.RunPlan;
});

export default Plugin.dag({
  id: "tokens",
  summary: "Stock futures of one expiry, each with its equity and its options",
  parameters,
  // Its own requests are none: what it needs is brought by `instruments`, from the same source.
  needs: ["instruments"],
  after: ["instruments"],
  prerequisites,
  plan,
  run: (chosen) => Dag.run("tokens", tokens(chosen)),
});
