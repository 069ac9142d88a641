import { governed, Login, RunEvent, type RunSummary, Sink, type Source } from "@candlewick/core";
import { Clock, Effect, Exit, References } from "effect";
import { exitCodeOf } from "../../src/run/Report.ts";
import { endOf } from "../../src/run/RunDag.ts";
import { dag, source as sourcePlugin, values } from "../workspace.ts";
import type { Exchange } from "./exchange.ts";
import type { Store } from "./store.ts";

type Retrying = Extract<RunEvent.RunEvent, { readonly _tag: "Retrying" }>;

/** How a run ended, and what it took. */
export interface Ended {
  /** What the program would exit with. */
  readonly exit: number;
  /** Absent when the run broke off. */
  readonly summary?: RunSummary.RunSummary;
  /** Why it broke off, where it did. */
  readonly message?: string;
  readonly retries: ReadonlyArray<Retrying>;
  /** Requests for candles of each instrument token. */
  readonly requests: ReadonlyMap<string, number>;
}

export interface Running {
  readonly exchange: Exchange;
  readonly clock: Clock.Clock;
  /** Settings of the source, beside those that lead to the sandbox. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly daysPerRequest?: Source.SourceInfo["daysPerRequest"];
}

/** Candle requests since the log was cleared, by instrument token. */
const requestsOf = (exchange: Exchange): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { path, route } of exchange.log()) {
    if (route !== "historical") continue;
    const token = path.split("/")[3]!;
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
};

/** Kite on the sandbox, without a limit of its own. */
const openSource = Effect.fnUntraced(function* ({ daysPerRequest, exchange, settings }: Running) {
  const plugin = yield* Effect.orDie(sourcePlugin("kite"));
  const services = yield* plugin.make(
    yield* Effect.orDie(values(plugin.settings, {
      root: exchange.url,
      apiKey: exchange.apiKey,
      accessToken: exchange.accessToken,
      // A whole answer comes in milliseconds; only faults that are about waiting name a shorter one.
      requestTimeout: "50m",
      ...settings,
    })),
    { login: Login.inMemory() },
  );
  const info: Source.SourceInfo = {
    ...services.session.info,
    limits: { instruments: [], candles: [] },
    ...(daysPerRequest === undefined ? {} : { daysPerRequest }),
  };
  return yield* governed({ ...services, session: { ...services.session, info } });
});

/** Runs a DAG with parameters as a user's flags would give them, on the date and in the time of a clock. */
export const runDag = async (
  id: string,
  parameters: Readonly<Record<string, unknown>>,
  store: Store,
  running: Running,
): Promise<Ended> => {
  running.exchange.clear();
  const retries: Array<Retrying> = [];
  const exit = await Effect.runPromise(
    Effect.exit(Effect.scoped(Effect.gen(function* () {
      const plugin = yield* Effect.orDie(dag(id));
      return yield* plugin.run(yield* Effect.orDie(values(plugin.parameters, parameters))).pipe(
        Effect.provideContext(yield* openSource(running)),
        Effect.provideService(Sink.Sink, store.sink),
      );
    }))).pipe(
      Effect.provideService(Clock.Clock, running.clock),
      Effect.provideService(References.MinimumLogLevel, "None"),
      Effect.provideService(RunEvent.RunEvents, {
        publish: (event) =>
          Effect.sync(() => {
            if (event._tag === "Retrying") retries.push(event);
          }),
      }),
    ),
  );
  const requests = requestsOf(running.exchange);
  if (Exit.isSuccess(exit)) {
    const summary = exit.value;
    return { exit: exitCodeOf([{ dag: id, millis: 0, summary }]), summary, retries, requests };
  }
  const end = endOf(exit.cause);
  return { exit: exitCodeOf([{ dag: id, millis: 0, ...end }]), message: end.message, retries, requests };
};
