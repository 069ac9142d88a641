import { Cause, Clock, Deferred, Effect, Exit } from "effect";
import { CurrentTask, publish } from "./RunEvent.ts";

/**
 * One step of a DAG. It names the tasks it needs by value, so their results arrive typed and no cycle can be
 * written; its errors and requirements include theirs.
 */
export interface Task<out A, out E = never, out R = never> {
  readonly name: string;
  readonly needs: Readonly<Record<string, Task<unknown, unknown, unknown>>>;
  readonly run: (inputs: Readonly<Record<string, unknown>>) => Effect.Effect<A, E, R>;
}

type Needs = Readonly<Record<string, Task<unknown, unknown, unknown>>>;
type Inputs<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends Task<infer A, infer _E, infer _R> ? A : never;
};
type ErrorsOf<N extends Needs> = {
  [K in keyof N]: N[K] extends Task<infer _A, infer E, infer _R> ? E : never;
}[keyof N];
type ServicesOf<N extends Needs> = {
  [K in keyof N]: N[K] extends Task<infer _A, infer _E, infer R> ? R : never;
}[keyof N];

/** A task that needs no other. */
export const start = <A, E, R>(name: string, run: Effect.Effect<A, E, R>): Task<A, E, R> => ({
  name,
  needs: {},
  run: () => run,
});

/** A task that runs when all it needs are done, with their results. */
export const after = <const N extends Needs, A, E, R>(
  name: string,
  needs: N,
  run: (inputs: Inputs<N>) => Effect.Effect<A, E, R>,
): Task<A, E | ErrorsOf<N>, R | ServicesOf<N>> => ({
  name,
  needs,
  run: (inputs) => run(inputs as Inputs<N>),
});

/** All tasks that `last` stands on, itself included, each once, needs before those that need them. */
export const tasksOf = (
  last: Task<unknown, unknown, unknown>,
): ReadonlyArray<Task<unknown, unknown, unknown>> => {
  const seen = new Set<Task<unknown, unknown, unknown>>();
  const visit = (task: Task<unknown, unknown, unknown>) => {
    if (seen.has(task)) return;
    for (const need of Object.values(task.needs)) visit(need);
    seen.add(task);
  };
  visit(last);
  return [...seen];
};

/**
 * Runs the DAG that ends in `last`: every task exactly once, independent ones side by side, each in a span of
 * its own, with events for its start and its end. The first failure interrupts the rest.
 */
export const run = <A, E, R>(dag: string, last: Task<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const results = new Map<Task<unknown, unknown, unknown>, Deferred.Deferred<unknown, unknown>>();

    const execute = (task: Task<unknown, unknown, unknown>): Effect.Effect<unknown, unknown, unknown> =>
      Effect.gen(function* () {
        const inputs = yield* Effect.all(
          Object.fromEntries(Object.entries(task.needs).map(([name, need]) => [name, once(need)])),
          { concurrency: "unbounded" },
        );
        return yield* observed(dag, task.name, task.run(inputs));
      });

    const once = (task: Task<unknown, unknown, unknown>): Effect.Effect<unknown, unknown, unknown> =>
      Effect.suspend(() => {
        const known = results.get(task);
        if (known !== undefined) return Deferred.await(known);
        const result = Deferred.makeUnsafe<unknown, unknown>();
        results.set(task, result);
        return Effect.onExit(execute(task), (exit) => Deferred.done(result, exit));
      });

    return once(last) as Effect.Effect<A, E, R>;
  });

const observed = <A, E, R>(dag: string, task: string, self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis;
    yield* publish({ _tag: "TaskStarted", dag, task });
    return yield* Effect.onExit(
      self,
      (exit) =>
        Effect.flatMap(
          Clock.currentTimeMillis,
          (ended) =>
            publish({ _tag: "TaskFinished", dag, task, outcome: outcomeOf(exit), millis: ended - began }),
        ),
    );
  }).pipe(
    Effect.withSpan(`${dag}.${task}`, { attributes: { dag, task } }),
    Effect.provideService(CurrentTask, { dag, task }),
  );

const outcomeOf = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.isSuccess(exit)
    ? "done" as const
    : Cause.hasInterruptsOnly(exit.cause)
    ? "interrupted" as const
    : "failed" as const;
