import { Dag, Plugin, Retry, RunEvent, type RunSummary, Source } from "@candlewick/core";
import { Effect } from "effect";
import { importDump } from "./import.ts";
import { type Parameters, parameters } from "./parameters.ts";
import { requestsFor } from "./requests.ts";
import { datasetsOf, ensureAll } from "./store.ts";
import { summarize } from "./summary.ts";

/** Whether the vendor gives its dump to everyone, so that no login is asked for. */
const isOpen = (info: Source.SourceInfo): boolean => info.open?.includes("instruments") ?? false;

/** authenticate and ensure side by side, then fetch, validate and store as one stream. */
const instruments = (chosen: Parameters) => {
  const policy = Retry.policyOf(chosen);
  const authenticate = Dag.start(
    "authenticate",
    Effect.flatMap(
      Source.SourceSession,
      ({ authenticate, info }) =>
        Effect.as(isOpen(info) ? Effect.void : Retry.retrying(policy)(authenticate), info),
    ),
  );
  const prepare = Dag.start(
    "prepare",
    Effect.gen(function* () {
      const datasets = datasetsOf((yield* Source.SourceSession).info);
      yield* ensureAll(datasets);
      return datasets;
    }),
  );
  return Dag.after(
    "store",
    { info: authenticate, datasets: prepare },
    ({ datasets }) =>
      Retry.retrying(policy)(importDump(datasets, chosen)).pipe(
        Effect.tap((imported) => Effect.forEach(imported.warnings, RunEvent.warn)),
      ),
  );
};

const plan = Effect.fnUntraced(function* (chosen: Parameters) {
  const { info } = yield* Source.SourceSession;
  const requests = (isOpen(info) ? 0 : 1) + requestsFor(info, chosen.exchanges).length;
  const what = chosen.exchanges.length === 0 ? "all exchanges" : chosen.exchanges.join(", ");
  return {
    headline: `Would fetch the instrument dump of ${what} from ${info.name}`,
    requests,
    seconds: Source.expectedSeconds(requests, info.limits.instruments),
    tables: [],
    notes: [],
  } satisfies RunSummary.RunPlan;
});

export default Plugin.dag({
  id: "instruments",
  summary: "Every listing of a source, with its history",
  parameters,
  needs: ["instruments"],
  after: [],
  prerequisites: () => Effect.succeed([]),
  plan,
  run: (chosen) => Effect.map(Dag.run("instruments", instruments(chosen)), summarize),
});
