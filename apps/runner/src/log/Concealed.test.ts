import { PluginError } from "@candlewick/core";
import { pretendSource } from "@candlewick/core/testing";
import { Effect, Exit, Stream } from "effect";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { concealed, concealError } from "./Concealed.ts";

const hide = (text: string) => text.replaceAll("reason", "<secret>");

const errorOf = (reason: PluginError.Reason, operation = "op") =>
  new PluginError.PluginError({ plugin: "p", operation, reason });

it("an error without a secret is the same error", () => {
  const error = errorOf(new PluginError.Unavailable({ message: "away" }));
  expect(concealError(hide)(error)).toBe(error);
});

it("texts of any reason are hidden, and how to recover stays, also where the secret is a word of the error's own", () => {
  const text = fc.string().map((part) => `${part}reason${part}`);
  const reason = fc.oneof(
    fc.record({ message: text, retryAfter: fc.nat() }).map((fields) => new PluginError.RateLimited(fields)),
    fc.record({ message: text, hint: text }).map((fields) => new PluginError.Unauthorized(fields)),
    fc.record({ message: text }).map((fields) => new PluginError.Corrupt(fields)),
    fc.record({ message: text, fault: fc.constant("capacity" as const) }).map((fields) =>
      new PluginError.Store(fields)
    ),
  );
  fc.assert(fc.property(reason, text, (given, operation) => {
    const hidden = concealError(hide)(errorOf(given, operation));
    const texts = [hidden.operation, hidden.reason.message, hidden.message, hidden.stack ?? ""];
    expect(texts.join()).not.toContain("reason<");
    expect(hidden.reason.message).toBe(hide(given.message));
    expect(hidden.operation).toBe(hide(operation));
    expect(hidden.reason._tag).toBe(given._tag);
    if (given._tag === "RateLimited" && hidden.reason._tag === "RateLimited") {
      expect(hidden.reason.retryAfter).toBe(given.retryAfter);
    }
    if (given._tag === "Store" && hidden.reason._tag === "Store") {
      expect(hidden.reason.fault).toBe("capacity");
    }
  }));
});

it("every service of a source conceals its errors", async () => {
  const error = errorOf(new PluginError.Invalid({ message: "for a reason" }));
  const { services } = pretendSource({
    authenticate: Effect.fail(error),
    candles: () => Effect.fail(error),
    dump: () => ({ batches: [], error }),
  });
  const { session, instruments, candles } = concealed(services, hide);
  const asked = {
    subject: {
      token: "1",
      exchange: "NSE",
      tradingsymbol: "INFY",
      segment: "NSE",
      instrumentType: "EQ",
      expiry: null,
    },
    interval: "day" as const,
    from: 0,
    to: 1,
    continuous: false,
  };
  for (
    const effect of [
      session.authenticate,
      candles!.candles(asked),
      Stream.runDrain(instruments!.instruments()),
    ]
  ) {
    const exit = await Effect.runPromiseExit(effect as Effect.Effect<unknown, PluginError.PluginError>);
    expect(Exit.isFailure(exit) && String(exit.cause)).toContain("for a <secret>");
  }
  expect(Object.keys(concealed({ session }, hide))).toEqual(["session"]);
});
