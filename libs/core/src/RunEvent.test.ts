import { expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { CurrentTask, emit, publish, type RunEvent, RunEvents, warn } from "./RunEvent.ts";

it.effect("events go nowhere unless someone listens", () =>
  publish({ _tag: "TaskStarted", dag: "d", task: "t" }));

it.effect("an event of the running task carries its DAG and name", () =>
  Effect.gen(function* () {
    const events: Array<RunEvent> = [];
    yield* Effect.andThen(warn("careful"), emit((at) => ({ _tag: "TaskStarted", ...at }))).pipe(
      Effect.provideService(CurrentTask, { dag: "historic", task: "plan" }),
      Effect.provideService(RunEvents, { publish: (event) => Effect.sync(() => void events.push(event)) }),
    );
    expect(events).toEqual([
      { _tag: "Warning", dag: "historic", task: "plan", message: "careful" },
      { _tag: "TaskStarted", dag: "historic", task: "plan" },
    ]);
  }));
