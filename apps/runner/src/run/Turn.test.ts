import { type PluginError, type RunRow, runs, Sink } from "@candlewick/core";
import { type MemorySink, memorySink } from "@candlewick/core/testing";
import { Effect, Exit, Fiber, Logger, Scope } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import type { IfRunning } from "../config/ConfigFile.ts";
import { lockOf, takeTurn } from "./Turn.ts";

const job = { dag: "historic", source: "kite" };

const NOON = Date.UTC(2026, 0, 2, 12);

const running = (run_id: string, started_at: number): RunRow => ({
  ...job,
  run_id,
  started_at,
  finished_at: null,
  outcome: "running",
  headline: "",
  counts: {},
});

/** A store where another run has been at work for three minutes, and what this one says while it takes its turn. */
const scene = (
  body: (scene: {
    readonly sink: MemorySink;
    readonly said: ReadonlyArray<string>;
    /** Ends the other run's turn. */
    readonly end: Effect.Effect<void>;
    readonly turn: (ifRunning: IfRunning) => ReturnType<typeof takeTurn>;
  }) => Effect.Effect<void, PluginError.PluginError, Sink.Sink | Scope.Scope>,
) =>
  Effect.runPromise(
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON);
      const sink = yield* memorySink();
      const said: Array<string> = [];
      const logger = Logger.make(({ message }) => {
        said.push(String(message));
      });
      const other = yield* Scope.make();
      yield* Scope.provide(sink.tryLock(lockOf(job)), other);
      yield* sink.ensure(runs);
      yield* sink.upsert(runs, [running("killed", NOON - 86_400_000), running("other", NOON - 180_000)]);
      const end = Scope.close(other, Exit.void);
      yield* body({ sink, said, end, turn: (ifRunning) => takeTurn(job, ifRunning) }).pipe(
        Effect.provideService(Sink.Sink, sink),
        Effect.provide(Logger.layer([logger])),
      );
    }).pipe(Effect.scoped, Effect.provide(TestClock.layer())),
  );

const AT_WORK = "another run (other) has been at work for 3 min 00 s";

describe("when another run is at work on a DAG", () => {
  it("a run that is to leave does so at once, and says who is at work", () =>
    scene(({ turn }) =>
      Effect.gen(function* () {
        expect(yield* turn("leave")).toEqual({ _tag: "Theirs", message: AT_WORK });
      })
    ));

  it("a run that is to wait says so at once, looks each second, and has its turn when the other ends", () =>
    scene(({ end, said, sink, turn }) =>
      Effect.gen(function* () {
        const waiting = yield* Effect.forkScoped(turn("wait"));
        yield* TestClock.adjust("1 minute");
        expect(said).toEqual([`historic: ${AT_WORK}; waiting for its end`]);
        expect(sink.operations().filter(({ kind }) => kind === "tryLock").length).toBe(62);
        yield* end;
        yield* TestClock.adjust("1 second");
        expect(yield* Fiber.join(waiting)).toMatchObject({ _tag: "Ours", waited: true });
        expect(said.at(-1)).toBe("historic: the other run has ended");
      })
    ));

  it("a wait can be interrupted, and leaves the turn to others", () =>
    scene(({ end, turn }) =>
      Effect.gen(function* () {
        const waiting = yield* Effect.forkScoped(turn("wait"));
        yield* TestClock.adjust("10 seconds");
        yield* Fiber.interrupt(waiting);
        yield* end;
        expect(yield* turn("leave")).toMatchObject({ _tag: "Ours", waited: false });
      })
    ));

  it("the same DAG of another source is no other run, nor is another DAG", () =>
    scene(() =>
      Effect.gen(function* () {
        for (const other of [{ ...job, source: "other" }, { ...job, dag: "instruments" }]) {
          expect(yield* takeTurn(other, "leave")).toMatchObject({ _tag: "Ours", waited: false });
        }
      })
    ));
});

describe("whose turn it is", () => {
  it("knows that runs noted as running were killed, and notes it", () =>
    scene(({ end, sink, turn }) =>
      Effect.gen(function* () {
        yield* end;
        yield* turn("wait");
        expect(sink.rows(runs).map(({ finished_at, outcome, run_id }) => [run_id, outcome, finished_at]))
          .toEqual([["killed", "killed", null], ["other", "killed", null]]);
      })
    ));

  it("says which run to ask for only when the store tells", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const sink = yield* memorySink();
        yield* sink.tryLock(lockOf(job));
        expect(yield* Effect.provideService(takeTurn(job, "leave"), Sink.Sink, sink)).toEqual({
          _tag: "Theirs",
          message: "another run is at work, or the store is being restored or emptied",
        });
      }).pipe(Effect.scoped),
    ));
});
