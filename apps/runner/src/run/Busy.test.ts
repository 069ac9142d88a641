import { PluginError } from "@candlewick/core";
import { Effect, Exit, Fiber, Logger } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import { ExitCode, Refusal } from "../Refusal.ts";
import { openWhenFree } from "./Busy.ts";

const failing = (fault: PluginError.Store["fault"]) =>
  new PluginError.PluginError({
    plugin: "single",
    operation: "open",
    reason: new PluginError.Store({ message: "process 7 has the file", fault }),
  });

/** A store that others have for the first `times` attempts, with what was held and said. */
const busyFor = (times: number) => {
  const held = { now: 0, attempts: 0 };
  const said: Array<string> = [];
  const open = Effect.gen(function* () {
    held.attempts++;
    yield* Effect.acquireRelease(Effect.sync(() => held.now++), () => Effect.sync(() => held.now--));
    return held.attempts <= times ? yield* failing("conflict") : "open";
  });
  const listening = <A, E>(effect: Effect.Effect<A, E>): Promise<Exit.Exit<A, E>> =>
    Effect.runPromiseExit(effect.pipe(
      Effect.provideService(
        Logger.CurrentLoggers,
        new Set([Logger.make((log) => said.push(String(log.message)))]),
      ),
      Effect.provide(TestClock.layer()),
    ));
  return { open, held, said, listening };
};

describe("a store that another process has", () => {
  it("is waited for, says so once, and holds nothing of the attempts", async () => {
    const { held, listening, open, said } = busyFor(3);
    const exit = await listening(Effect.scoped(Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(openWhenFree(open, "wait"));
      for (let second = 0; second < 3; second++) {
        yield* TestClock.adjust(999);
        expect(fiber.pollUnsafe()).toBeUndefined();
        expect(held.now).toBe(0);
        yield* TestClock.adjust(1);
      }
      expect(yield* Fiber.join(fiber)).toBe("open");
      expect(held).toEqual({ now: 1, attempts: 4 });
    })));
    expect(Exit.isSuccess(exit)).toBe(true);
    expect(held.now).toBe(0);
    expect(said).toEqual([
      "single: open: process 7 has the file; waiting until it is free, Ctrl-C ends that",
      "the store is free",
    ]);
  });

  it("is left, when the user said so, with the exit code for that", async () => {
    const { held, listening, open } = busyFor(1);
    const exit = await listening(Effect.scoped(Effect.flip(openWhenFree(open, "leave"))));
    const refusal = Exit.isSuccess(exit) ? exit.value : undefined;
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: ExitCode.busy });
    expect(held).toEqual({ now: 0, attempts: 1 });
  });

  it("any other failure stands", async () => {
    const { listening } = busyFor(0);
    const error = failing("schema");
    const exit = await listening(Effect.scoped(Effect.flip(openWhenFree(Effect.fail(error), "wait"))));
    expect(exit).toEqual(Exit.succeed(error));
  });
});
