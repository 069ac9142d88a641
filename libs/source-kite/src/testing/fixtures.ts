import { Instrument, Login, type Plugin, PluginError, type Source } from "@candlewick/core";
import { Effect, Exit, Redacted, Stream } from "effect";
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

/** The reason an effect failed for; anything but a PluginError is a bug and thrown. */
export const reasonOf = (exit: Exit.Exit<unknown, unknown>): PluginError.Reason => {
  const error = Exit.findErrorOption(exit).valueOrUndefined;
  if (PluginError.isPluginError(error)) return error.reason;
  throw new Error(`expected a PluginError, got ${Exit.isSuccess(exit) ? "success" : String(exit.cause)}`);
};

export const valueOf = <A>(exit: Exit.Exit<A, unknown>): A => {
  if (Exit.isSuccess(exit)) return exit.value;
  throw new Error(`expected success, got ${exit.cause}`);
};

/** All of a dump in one batch. */
export const allInstruments = (
  kite: Required<Plugin.SourceServices>,
  exchange?: string,
): Effect.Effect<Instrument.InstrumentBatch, PluginError.PluginError> =>
  Stream.runFold(
    kite.instruments.instruments(exchange),
    (): Instrument.InstrumentBatch => ({ instruments: [], rejected: [] }),
    (all, batch) => ({
      instruments: [...all.instruments, ...batch.instruments],
      rejected: [...all.rejected, ...batch.rejected],
    }),
  );

/** A request that takes any candle there can be. */
export const askFor = (
  token: string,
  interval: Source.CandleRequest["interval"],
  changes: Partial<Source.CandleRequest> = {},
): Source.CandleRequest => ({
  subject: {
    token,
    exchange: "NSE",
    tradingsymbol: "INFY",
    segment: "NSE",
    instrumentType: "EQ",
    expiry: null,
  },
  interval,
  from: Date.parse("1990-01-01T00:00:00+05:30"),
  to: Date.parse("2100-01-01T00:00:00+05:30"),
  continuous: false,
  ...changes,
});
