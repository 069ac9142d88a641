import { Login } from "@candlewick/core";
import { askFor } from "@candlewick/vendor-http/testing";
import { Effect, Redacted, Stream } from "effect";
import { createRequire } from "node:module";
import plugin from "../plugin.ts";
import { settingsFor } from "./fixtures.ts";

/**
 * A program of its own, started with the permissions that the manifest asks for and no more. Prints what a
 * fetch brought, whether that loaded kiteconnect, and what a login brought.
 */
const root = Deno.args[0]!;

const isKiteconnectLoaded = (): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("/kiteconnect/"));

const fetched = await plugin.make(settingsFor(root), { login: Login.inMemory() }).pipe(
  Effect.flatMap(({ session, instruments, candles }) =>
    Effect.all({
      session: session.authenticate,
      batches: Stream.runCollect(instruments!.instruments()),
      candles: candles!.candles(askFor("1", "minute")),
    })
  ),
  Effect.scoped,
  Effect.runPromise,
);
const afterFetch = isKiteconnectLoaded();

const redirected = new URL("http://127.0.0.1/?status=success&request_token=rt0");
const session = await Effect.runPromise(plugin.login!.complete(settingsFor(root), redirected));

console.log(JSON.stringify({
  instruments: fetched.batches.flatMap((batch) => batch.instruments).length,
  candles: fetched.candles.candles.length,
  isLoadedByFetch: afterFetch,
  isLoadedByLogin: isKiteconnectLoaded(),
  credential: Redacted.value(session.credential),
}));
