import {
  allInstruments,
  askFor,
  jsonReply,
  reasonOf,
  type Reply,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { Login } from "@candlewick/core";
import { Cause, Effect, Exit, Fiber, Result, Stream, Tracer } from "effect";
import * as HttpClient from "effect/http/HttpClient";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import { dumpOf } from "./testing/dumps.ts";
import { SECRETS, settingsFor, withKite } from "./testing/fixtures.ts";
import { csvReply, errorReply } from "./testing/replies.ts";

const PROFILE = jsonReply({ status: "success", data: { user_id: "XX0000" } });
const HTML = "<html><head><title>Maintenance</title></head><body></body></html>";

const DUMP = dumpOf(10_000);

describe("patience", () => {
  it.each(
    [
      ["no answer begins", { then: "silence" }],
      ["the body stalls", { body: DUMP.slice(0, 1_000), then: "hang" }],
      ["an error's body stalls", { status: 503, body: "x", then: "hang" }],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )(
    "ends when %s, and the request with it",
    (_, reply) =>
      withServer(() => reply, async ({ root, abandoned }) => {
        const exit = await withKite(root, (kite) => allInstruments(kite), { requestTimeout: 100 });
        expect(reasonOf(exit)._tag).toBe("Unavailable");
        await abandoned;
      }),
  );

  it("is not called for where nobody listens", async () => {
    const root = await withServer(() => PROFILE, (server) => Promise.resolve(server.root));
    expect(reasonOf(await withKite(root, (kite) => kite.session.authenticate))).toMatchObject({
      _tag: "Unavailable",
      message: expect.stringContaining("GET /user/profile: no answer"),
    });
  });

  it.each(
    [
      ["before the answer", { then: "silence" }],
      ["in the middle of the body", { body: DUMP, then: "hang" }],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )("aborts the request when interrupted %s", (_, reply) => {
    const underWay = Promise.withResolvers<void>();
    return withServer(() => {
      if (reply.then === "silence") underWay.resolve();
      return reply;
    }, async ({ root, abandoned }) => {
      const exit = await withKite(root, (kite) =>
        Effect.gen(function* () {
          const fiber = yield* kite.instruments.instruments().pipe(
            Stream.runForEach(() => Effect.sync(underWay.resolve)),
            Effect.forkChild,
          );
          yield* Effect.promise(() => underWay.promise);
          yield* Fiber.interrupt(fiber);
          return yield* Fiber.await(fiber);
        }));
      const inner = valueOf(exit);
      expect(Exit.isFailure(inner) && Cause.hasInterruptsOnly(inner.cause)).toBe(true);
      await abandoned;
    });
  });

  it("aborts the request when the reader stops early", () =>
    withServer(() => ({ body: DUMP, then: "hang" }), async ({ root, abandoned }) => {
      const first = await withKite(root, (kite) => Stream.runHead(kite.instruments.instruments()));
      expect(valueOf(first)._tag).toBe("Some");
      await abandoned;
    }));
});

describe("secrets", () => {
  it("appear in no error and no span", async () => {
    const seen: Array<unknown> = [];
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options);
        seen.push(span);
        return span;
      },
    });
    const replies = [
      PROFILE,
      csvReply(DUMP),
      jsonReply({ status: "success", data: { candles: [] } }),
      errorReply(403, "TokenException", "Incorrect `api_key` or `access_token`."),
      { status: 429 },
      { body: HTML },
      { then: "cut" as const },
    ];
    for (const reply of replies) {
      await withServer(() => reply, async ({ root }) => {
        const exits = await Effect.runPromise(
          plugin.make(settingsFor(root), { login: Login.inMemory() }).pipe(
            Effect.flatMap((kite) =>
              Effect.all([
                Effect.result(kite.session.authenticate),
                Effect.result(Stream.runDrain(kite.instruments!.instruments())),
                Effect.result(Effect.asVoid(kite.candles!.candles(askFor("1", "day")))),
              ])
            ),
            Effect.scoped,
            Effect.withTracer(tracer),
            Effect.provideService(HttpClient.TracerHeaderFilter, () => true),
          ),
        );
        for (const exit of exits) if (Result.isFailure(exit)) seen.push(exit.failure, exit.failure.stack);
      });
    }
    const everything = Deno.inspect(seen, { depth: 12, iterableLimit: 10_000, strAbbreviateSize: 1_000_000 });
    expect(everything).toContain("/user/profile");
    for (const secret of Object.values(SECRETS)) expect(everything).not.toContain(secret);
  });
});
