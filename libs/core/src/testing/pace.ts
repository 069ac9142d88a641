import { Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import { PluginError, RateLimited } from "../PluginError.ts";
import { type CandleRequest, perSecond } from "../Source.ts";

export const request: CandleRequest = {
  subject: {
    token: "1",
    exchange: "NSE",
    tradingsymbol: "INFY",
    segment: "NSE",
    instrumentType: "EQ",
    expiry: null,
  },
  interval: "day",
  from: 0,
  to: 1,
  continuous: false,
};

export const limits = { instruments: [perSecond(1)], candles: [perSecond(4)] };

export const tooMany = (retryAfter?: number) =>
  new PluginError({
    plugin: "pretend",
    operation: "op",
    reason: new RateLimited({ message: "too many", ...(retryAfter === undefined ? {} : { retryAfter }) }),
  });

/** Runs to the end, however long it takes on the test clock. */
export const inTime = Effect.fnUntraced(function* <A, E>(self: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(self);
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 minute");
  return yield* Fiber.join(fiber);
});
