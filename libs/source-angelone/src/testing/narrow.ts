import { Login } from "@candlewick/core";
import { askFor } from "@candlewick/vendor-http/testing";
import { Effect, Stream } from "effect";
import plugin from "../plugin.ts";
import { settingsFor } from "./fixtures.ts";

/**
 * A program of its own, started with the permissions that the manifest asks for and no more. Logs in, fetches, and
 * prints what came.
 */
const fetched = await plugin.make(settingsFor(Deno.args[0]!), { login: Login.inMemory() }).pipe(
  Effect.flatMap(({ candles, instruments, session }) =>
    Effect.all({
      session: session.authenticate,
      batches: Stream.runCollect(instruments!.instruments()),
      candles: candles!.candles(askFor("1594", "minute")),
    })
  ),
  Effect.scoped,
  Effect.runPromise,
);

console.log(JSON.stringify({
  instruments: fetched.batches.flatMap((batch) => batch.instruments).length,
  candles: fetched.candles.candles.length,
}));
