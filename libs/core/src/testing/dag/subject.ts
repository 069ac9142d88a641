import { Clock, Effect, type Exit, Stream } from "effect";
import { governed } from "../../Governed.ts";
import type { DagPlugin, DagServices, SourceServices } from "../../Plugin.ts";
import type { PluginError } from "../../PluginError.ts";
import type { RunPlan, RunSummary } from "../../RunSummary.ts";
import type { Settings, Values } from "../../Setting.ts";
import { Sink } from "../../Sink.ts";
import type { Capability } from "../../Source.ts";
import { type MemoryOperation, type MemorySink, memorySink } from "../memorySink.ts";
import { type PretendMarket, type PretendRequest, pretendSource } from "../pretendSource.ts";
import { leapingClock } from "./clock.ts";

/** A DAG under test, with a market small enough to run dozens of times. */
export interface DagSubject<S extends Settings> {
  /** Title of the suite. */
  readonly name: string;
  readonly plugin: DagPlugin<S>;
  readonly parameters: Values<S>;
  /** What the source answers when all is well; for the tests of failing units, work of two units or more. */
  readonly market: PretendMarket;
  /** Puts into an empty store what the job builds on. */
  readonly prepare?: (sink: MemorySink) => Effect.Effect<unknown, PluginError>;
  /** The job is a single unit: a request that fails fails the run, and nothing of it is stored. */
  readonly allOrNothing?: true;
  /** When the runs take place, epoch milliseconds. */
  readonly now: number;
  /** Datasets in which each run notes something of itself, left out when stores are compared. */
  readonly notes: ReadonlyArray<string>;
}

/** What goes wrong in a run; each is called with the number of requests or operations before it. */
export interface Interference {
  readonly request?: (request: PretendRequest, before: number) => Effect.Effect<void, PluginError>;
  readonly operation?: (operation: MemoryOperation, before: number) => Effect.Effect<void, PluginError>;
}

export interface Ran<A> {
  readonly exit: Exit.Exit<A, PluginError>;
  readonly requests: ReadonlyArray<PretendRequest>;
  readonly operations: ReadonlyArray<MemoryOperation>;
}

/** One store, and runs of the DAG against it. */
export interface Bench {
  readonly sink: MemorySink;
  readonly run: (interference?: Interference) => Effect.Effect<Ran<RunSummary>>;
  readonly plan: Effect.Effect<Ran<RunPlan>>;
  /** All rows, but for those that runs note of themselves. */
  readonly contents: () => Readonly<Record<string, ReadonlyArray<unknown>>>;
}

/** The services that a DAG says it needs, each request of them open to interference. */
const offered = (
  services: SourceServices,
  needs: ReadonlyArray<Capability>,
  before: (request: PretendRequest) => Effect.Effect<void, PluginError>,
): SourceServices => {
  const { candles, instruments, session } = services;
  return {
    session: {
      ...session,
      authenticate: Effect.andThen(before({ kind: "authenticate" }), session.authenticate),
    },
    ...(instruments !== undefined && needs.includes("instruments")
      ? {
        instruments: {
          instruments: (exchange) =>
            Stream.unwrap(
              Effect.as(before({ kind: "instruments", exchange }), instruments.instruments(exchange)),
            ),
        },
      }
      : {}),
    ...(candles !== undefined && needs.includes("candles")
      ? {
        candles: {
          candles: (request) =>
            Effect.andThen(before({ kind: "candles", request }), candles.candles(request)),
        },
      }
      : {}),
  };
};

/** A fresh store, prepared. */
export const makeBench = <S extends Settings>(
  { market, notes, now, parameters, plugin, prepare }: DagSubject<S>,
  batchRows?: number,
): Effect.Effect<Bench> =>
  Effect.gen(function* () {
    let interference: Interference = {};
    let operations: Array<MemoryOperation> = [];
    const sink = yield* memorySink({
      before: (operation) => {
        operations.push(operation);
        return interference.operation?.(operation, operations.length - 1) ?? Effect.void;
      },
      ...(batchRows === undefined ? {} : { batchRows }),
    });
    if (prepare !== undefined) yield* Effect.orDie(prepare(sink));

    const inside = <A>(
      job: Effect.Effect<A, PluginError, DagServices>,
      disturbance: Interference = {},
    ): Effect.Effect<Ran<A>> =>
      Effect.gen(function* () {
        const requests: Array<PretendRequest> = [];
        interference = disturbance;
        operations = [];
        const services = offered(pretendSource(market).services, plugin.needs, (request) =>
          Effect.suspend(() => {
            requests.push(request);
            return disturbance.request?.(request, requests.length - 1) ?? Effect.void;
          }));
        const exit = yield* Effect.exit(job.pipe(
          Effect.provideContext(yield* governed(services)),
          Effect.provideService(Sink, sink),
          Effect.provideService(Clock.Clock, leapingClock(now)),
        ));
        interference = {};
        return { exit, requests, operations };
      });

    return {
      sink,
      run: (disturbance) => inside(Effect.suspend(() => plugin.run(parameters)), disturbance),
      plan: inside(Effect.suspend(() => plugin.plan(parameters))),
      contents: () =>
        Object.fromEntries(Object.entries(sink.contents()).filter(([name]) => !notes.includes(name))),
    };
  });

/** The unit that a request is for: an instrument, or a dump. */
export const unitOf = (request: PretendRequest): string | undefined => {
  switch (request.kind) {
    case "authenticate":
      return undefined;
    case "instruments":
      return `dump of ${request.exchange ?? "all"}`;
    case "candles":
      return `candles of ${request.request.subject.token}`;
  }
};
