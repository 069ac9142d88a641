import { Effect, Exit, Fiber, Stream } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import { paced } from "./pace.ts";

const pace = { stall: 30_000, total: 300_000 };

/** Runs a stream of pieces, each so many milliseconds late, on a clock moved on by hours. */
const run = (delays: ReadonlyArray<number>, readerTakes = 0) =>
  Stream.fromIterable(delays).pipe(
    Stream.rechunk(1),
    Stream.mapEffect((delay) => Effect.as(Effect.sleep(delay), delay)),
    paced(pace, (waited) => `late after ${waited}`),
    Stream.mapEffect((delay) => Effect.as(Effect.sleep(readerTakes), delay)),
    Stream.runCollect,
    Effect.forkChild,
    Effect.tap(() => TestClock.adjust("10 hours")),
    Effect.flatMap(Fiber.await),
    Effect.provide(TestClock.layer()),
    Effect.runPromise,
  );

describe("pace", () => {
  it("lets pieces through that come in time", async () => {
    expect(await run([0, 29_999, 10, 29_999])).toEqual(Exit.succeed([0, 29_999, 10, 29_999]));
  });

  it("ends a stall", async () => {
    expect(await run([10, 30_001])).toEqual(Exit.fail("late after 30000"));
  });

  it("ends a drip whose pieces each come in time", async () => {
    expect(await run(Array.from({ length: 20 }, () => 20_000))).toEqual(Exit.fail("late after 300000"));
  });

  it("does not count the time its reader takes", async () => {
    const delays = Array.from({ length: 20 }, () => 10_000);
    expect(await run(delays, 600_000)).toEqual(Exit.succeed(delays));
  });
});
