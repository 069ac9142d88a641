import { Login, type Plugin, type PluginError } from "@candlewick/core";
import { Effect, type Exit, Redacted } from "effect";
import plugin from "../plugin.ts";
import type { AngelOneSettings } from "../settings.ts";

/** What must never be seen again outside the requests that carry it. */
export const SECRETS = {
  apiKey: "apik3y/of+app",
  pin: "PIN-0417",
  totpSecret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  jwt: "jwt.of-the-session",
  refresh: "refresh.of-the-session",
  nextJwt: "jwt.of-the-next-session",
  nextRefresh: "refresh.of-the-next-session",
};

export const CLIENT_CODE = "A123456";

export const settingsFor = (root: string, changes: Partial<AngelOneSettings> = {}): AngelOneSettings => ({
  apiKey: Redacted.make(SECRETS.apiKey),
  clientCode: CLIENT_CODE,
  pin: Redacted.make(SECRETS.pin),
  totpSecret: Redacted.make(SECRETS.totpSecret),
  root,
  masterRoot: root,
  localIp: "127.0.0.1",
  publicIp: "127.0.0.1",
  macAddress: "00:00:00:00:00:00",
  requestTimeout: 5_000,
  ...changes,
});

/** A login as an earlier run kept it, good for years. */
export const keptLogin = (changes: Partial<Login.Login> = {}): Login.Login => ({
  tokens: {
    clientCode: Redacted.make(CLIENT_CODE),
    jwtToken: Redacted.make(SECRETS.jwt),
    refreshToken: Redacted.make(SECRETS.refresh),
  },
  expires: Date.parse("2100-01-01T05:00:00+05:30"),
  ...changes,
});

/** Runs an effect that needs the services of Angel One at `root`, with a login kept by an earlier run. */
export const withAngelOne = <A, E>(
  root: string,
  use: (angelOne: Required<Plugin.SourceServices>) => Effect.Effect<A, E>,
  { login = Login.inMemory(keptLogin()), ...changes }:
    & Partial<AngelOneSettings>
    & { readonly login?: Login.KeptLogin } = {},
): Promise<Exit.Exit<A, E | PluginError.PluginError>> =>
  plugin.make(settingsFor(root, changes), { login }).pipe(
    Effect.flatMap((services) => use(services as Required<Plugin.SourceServices>)),
    Effect.scoped,
    Effect.runPromiseExit,
  );
