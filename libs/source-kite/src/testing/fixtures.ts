import { Login, type Plugin, type PluginError } from "@candlewick/core";
import { Effect, type Exit, Redacted } from "effect";
import plugin from "../plugin.ts";
import type { KiteSettings } from "../settings.ts";

/** Credentials that must never be seen again outside the `Authorization` header. */
export const SECRETS = { apiSecret: "s3cr3t-of-the-app", accessToken: "t0ken-of-the-session" };

export const settingsFor = (root: string, changes: Partial<KiteSettings> = {}): KiteSettings => ({
  apiKey: "key0",
  apiSecret: Redacted.make(SECRETS.apiSecret),
  accessToken: Redacted.make(SECRETS.accessToken),
  root,
  loginRoot: root,
  requestTimeout: 5_000,
  ...changes,
});

/** Runs an effect that needs the services of Kite at `root`. */
export const withKite = <A, E>(
  root: string,
  use: (kite: Required<Plugin.SourceServices>) => Effect.Effect<A, E>,
  changes: Partial<KiteSettings> = {},
): Promise<Exit.Exit<A, E | PluginError.PluginError>> =>
  plugin.make(settingsFor(root, changes), { login: Login.inMemory() }).pipe(
    Effect.flatMap((services) => use(services as Required<Plugin.SourceServices>)),
    Effect.scoped,
    Effect.runPromiseExit,
  );
