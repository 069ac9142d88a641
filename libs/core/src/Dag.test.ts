import { describe, expect, it } from "@effect/vitest";
import { Cause, Context, Deferred, Effect, Exit, Fiber, Tracer } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import * as Dag from "./Dag.ts";
import { CurrentTask, type RunEvent, RunEvents, warn } from "./RunEvent.ts";

type AnyTask = Dag.Task<unknown, unknown, unknown>;

const recording = () => {
  const events: Array<RunEvent> = [];
  const publish = (event: RunEvent) => Effect.sync(() => void events.push(event));
  return { events, on: Effect.provideService(RunEvents, { publish }) };
};

/** Start and end of tasks, as `started a`, `done a`. */
const story = (events: ReadonlyArray<RunEvent>) =>
  events.flatMap((event) =>
    event._tag === "TaskStarted"
      ? [`started ${event.task}`]
      : event._tag === "TaskFinished"
      ? [`${event.outcome} ${event.task}`]
      : []
  );

/** Any DAG of up to nine tasks: task `i` needs some of those before it, the last needs all that nothing needs. */
const shapes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 50 })), { minLength: 1, maxLength: 8 }).map((
  given,
) =>
  given.map(([bits, millis], i) => ({
    millis,
    needs: Array.from({ length: i }, (_, j) => j).filter((j) => (bits >> j) & 1),
  }))
);

describe("Dag.run", () => {
  it("for any DAG: each task runs once, after all it needs, with their results", () =>
    fc.assert(fc.asyncProperty(shapes, (shape) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const runs: Array<number> = [];
          const ended = new Map<number, number>();
          const clock = TestClock.testClockWith((clock) => clock.currentTimeMillis);
          const tasks: Array<Dag.Task<number>> = [];
          for (const [i, { millis, needs }] of shape.entries()) {
            const named = Object.fromEntries(needs.map((need) => [`task ${need}`, tasks[need]!]));
            tasks.push(Dag.after(`task ${i}`, named, (inputs) =>
              Effect.gen(function* () {
                runs.push(i);
                const now = yield* clock;
                expect(inputs).toEqual(Object.fromEntries(needs.map((need) => [`task ${need}`, need * 10])));
                // It began when the last of what it needs ended: nothing else held it back.
                expect(now).toBe(Math.max(0, ...needs.map((need) => ended.get(need)!)));
                yield* Effect.sleep(millis);
                ended.set(i, yield* clock);
                return i * 10;
              })));
          }
          const last = Dag.after(
            "last",
            Object.fromEntries(tasks.map((task) => [task.name, task])),
            (inputs) => Effect.succeed(Object.values(inputs).length),
          );
          const fiber = yield* Effect.forkChild(Dag.run("any", last));
          yield* TestClock.adjust("1 minute");
          expect(yield* Fiber.join(fiber)).toBe(tasks.length);
          expect(runs.toSorted((a, b) => a - b)).toEqual(tasks.map((_, i) => i));
        }).pipe(Effect.provide(TestClock.layer())),
      ))));

  it.effect("a diamond: what two tasks need runs once, and gives both its result", () =>
    Effect.gen(function* () {
      let runs = 0;
      const top = Dag.start("top", Effect.sync(() => ++runs));
      const left = Dag.after("left", { top }, ({ top }) => Effect.succeed(top + 10));
      const right = Dag.after("right", { top }, ({ top }) => Effect.succeed(`${top}`));
      const bottom = Dag.after("bottom", { left, right, top }, (inputs) => Effect.succeed(inputs));
      expect(yield* Dag.run("diamond", bottom)).toEqual({ left: 11, right: "1", top: 1 });
      expect(runs).toBe(1);
    }));

  it.effect("each run is a run of its own", () =>
    Effect.gen(function* () {
      let runs = 0;
      const task = Dag.start("count", Effect.sync(() => ++runs));
      const last = Dag.after("last", { task }, ({ task }) => Effect.succeed(task));
      expect([yield* Dag.run("again", last), yield* Dag.run("again", last)]).toEqual([1, 2]);
    }));

  it.effect("independent tasks run side by side", () =>
    Effect.gen(function* () {
      const met = yield* Deferred.make<void>();
      const first = Dag.start("first", Deferred.await(met));
      const second = Dag.start("second", Deferred.succeed(met, undefined));
      yield* Dag.run("meeting", Dag.after("last", { first, second }, () => Effect.void));
    }));

  it.effect("the first failure interrupts the rest, and comes out as it is", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      let interrupted = false;
      const busy = yield* Deferred.make<void>();
      const slow = Dag.start(
        "slow",
        Effect.andThen(Deferred.succeed(busy, undefined), Effect.never).pipe(
          Effect.onInterrupt(() => Effect.sync(() => interrupted = true)),
        ),
      );
      const broken = Dag.start("broken", Effect.andThen(Deferred.await(busy), Effect.fail("broken")));
      const after = Dag.after("after", { slow }, () => Effect.void);
      const exit = yield* Effect.exit(
        on(Dag.run("failing", Dag.after("last", { after, broken }, () => Effect.void))),
      );
      expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe("broken");
      expect(interrupted).toBe(true);
      expect(story(events)).toEqual(["started slow", "started broken", "failed broken", "interrupted slow"]);
    }));

  it.effect("a failure that two tasks wait for fails the run once, and neither starts", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      const top = Dag.start("top", Effect.fail("no"));
      const left = Dag.after("left", { top }, () => Effect.void);
      const right = Dag.after("right", { top }, () => Effect.void);
      const exit = yield* Effect.exit(
        on(Dag.run("diamond", Dag.after("last", { left, right }, () => Effect.void))),
      );
      expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe("no");
      expect(story(events)).toEqual(["started top", "failed top"]);
    }));

  it.effect("a task that others wait for, interrupted by a failure beside it, does not hide that failure", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      const busy = yield* Deferred.make<void>();
      // `left` begins `shared`, and `right` waits for it; then `broken`, which only `left` needs, fails.
      const shared = Dag.start("shared", Effect.andThen(Deferred.succeed(busy, undefined), Effect.never));
      const broken = Dag.start("broken", Effect.andThen(Deferred.await(busy), Effect.fail("broken")));
      const left = Dag.after("left", { shared, broken }, () => Effect.void);
      const right = Dag.after("right", { shared }, () => Effect.void);
      for (const needs of [{ left, right }, { right, left }]) {
        const exit = yield* Effect.exit(on(Dag.run("shared", Dag.after("last", needs, () => Effect.void))));
        expect(Exit.isFailure(exit) && exit.cause.reasons.some((reason) => reason._tag === "Fail")).toBe(
          true,
        );
        expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe("broken");
      }
      expect(story(events)).toContain("interrupted shared");
    }));

  it("for any DAG in which any task fails: that failure comes out, and every task that started ends", () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.nat(), fc.nat({ max: 60 }), (shape, pick, delay) =>
        Effect.runPromise(
          Effect.gen(function* () {
            const { events, on } = recording();
            const tasks: Array<Dag.Task<void, string>> = [];
            for (const [i, { millis, needs }] of shape.entries()) {
              const named = Object.fromEntries(needs.map((need) => [String(need), tasks[need]!]));
              const work = i === pick % shape.length
                ? Effect.andThen(Effect.sleep(delay), Effect.fail(`task ${i} failed`))
                : Effect.asVoid(Effect.sleep(millis));
              tasks.push(Dag.after(`task ${i}`, named, () => work));
            }
            const last = Dag.after("last", Object.fromEntries(tasks.map((task) => [task.name, task])), () =>
              Effect.void);
            const fiber = yield* Effect.forkChild(Effect.exit(on(Dag.run("failing", last))));
            yield* TestClock.adjust("1 minute");
            const exit = yield* Fiber.join(fiber);
            expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe(
              `task ${pick % shape.length} failed`,
            );
            const started = events.filter((event) =>
              event._tag === "TaskStarted"
            ).map((event) => event.task);
            const ended = events.filter((event) => event._tag === "TaskFinished").map((event) => event.task);
            expect(ended.toSorted()).toEqual(started.toSorted());
          }).pipe(Effect.provide(TestClock.layer())),
        )),
      { numRuns: 500 },
    ));

  it.effect("interruption from outside reaches every running task", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      const first = Dag.start("first", Effect.never);
      const second = Dag.start("second", Effect.never);
      const last = Dag.after("last", { first, second }, () => Effect.void);
      const fiber = yield* Effect.forkChild(on(Dag.run("stopped", last)));
      yield* TestClock.adjust(1);
      yield* Fiber.interrupt(fiber);
      expect(story(events).toSorted()).toEqual([
        "interrupted first",
        "interrupted second",
        "started first",
        "started second",
      ]);
    }));

  it.effect("a bug in a task is a failed task, not a failure to be handled", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      const exit = yield* Effect.exit(on(Dag.run("bug", Dag.start("only", Effect.die("bug")))));
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true);
      expect(story(events)).toEqual(["started only", "failed only"]);
    }));

  it.effect("events carry the DAG, the task and how long it took", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      const slow = Dag.start("slow", Effect.andThen(Effect.sleep(1_500), warn("look here")));
      const fiber = yield* Effect.forkChild(on(Dag.run("timed", slow)));
      yield* TestClock.adjust("2 seconds");
      yield* Fiber.join(fiber);
      expect(events).toEqual([
        { _tag: "TaskStarted", dag: "timed", task: "slow" },
        { _tag: "Warning", dag: "timed", task: "slow", message: "look here" },
        { _tag: "TaskFinished", dag: "timed", task: "slow", outcome: "done", millis: 1_500 },
      ]);
    }));

  it.effect("each task has a span of its own, and knows its name", () =>
    Effect.gen(function* () {
      const spans: Array<Tracer.Span> = [];
      const tracer = Tracer.make({
        span(options) {
          const span = Tracer.nativeTracer.span(options);
          spans.push(span);
          return span;
        },
      });
      const names = Effect.map(CurrentTask, ({ dag, task }) => `${dag}.${task}`);
      const first = Dag.start("first", names);
      const last = Dag.after("last", { first }, ({ first }) => Effect.map(names, (name) => [first, name]));
      expect(yield* Effect.withTracer(Dag.run("traced", last), tracer)).toEqual([
        "traced.first",
        "traced.last",
      ]);
      expect(spans.map((span) => span.name)).toEqual(["traced.first", "traced.last"]);
      expect(spans.map((span) => span.attributes.get("task"))).toEqual(["first", "last"]);
    }));

  it("inputs, errors and requirements are those of all tasks, typed", () => {
    class Store extends Context.Service<Store, { readonly size: number }>()("test/Store") {}
    const number = Dag.start("number", Effect.map(Store, (store) => store.size));
    const text = Dag.start("text", Effect.fail("no text" as const) as Effect.Effect<string, "no text">);
    const last = Dag.after("last", { number, text }, ({ number, text }) => {
      const sum: number = number + text.length;
      return Effect.succeed(sum);
    });
    const typed: Effect.Effect<number, "no text", Store> = Dag.run("typed", last);
    // @ts-expect-error the store that a task needs is needed by the whole
    const untyped: Effect.Effect<number, "no text"> = Dag.run("typed", last);
    expect([typed, untyped].every(Effect.isEffect)).toBe(true);
  });
});

describe("Dag.tasksOf", () => {
  it("for any DAG: all tasks, each once, needs first", () =>
    fc.assert(fc.property(shapes, (shape) => {
      const tasks: Array<AnyTask> = [];
      for (const [i, { needs }] of shape.entries()) {
        const named = Object.fromEntries(needs.map((need) => [String(need), tasks[need]!]));
        tasks.push(Dag.after(String(i), named, () => Effect.void));
      }
      const last = Dag.after("last", Object.fromEntries(tasks.map((task) => [task.name, task])), () =>
        Effect.void);
      const listed = Dag.tasksOf(last);
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed.length).toBe(tasks.length + 1);
      for (const [i, task] of listed.entries()) {
        for (const need of Object.values(task.needs)) {
          expect(listed.indexOf(need)).toBeLessThan(i);
        }
      }
    })));
});
