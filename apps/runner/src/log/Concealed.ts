import { type Plugin, PluginError } from "@candlewick/core";
import { Effect, Schema, Stream } from "effect";

type Hide = (text: string) => string;

const encode = Schema.encodeSync(PluginError.Reason);
const decode = Schema.decodeUnknownSync(PluginError.Reason);

/** A reason with what it tells people hidden. */
const concealReason = (hide: Hide, reason: PluginError.Reason): PluginError.Reason => {
  const encoded = encode(reason);
  return decode({
    ...encoded,
    message: hide(encoded.message),
    ...("hint" in encoded ? { hint: hide(encoded.hint) } : {}),
  });
};

/** The error with its texts hidden; the same error where there is nothing to hide. */
export const concealError = (hide: Hide) => (error: PluginError.PluginError): PluginError.PluginError => {
  const told = JSON.stringify([error.operation, encode(error.reason)]);
  return hide(told) === told ? error : new PluginError.PluginError({
    plugin: error.plugin,
    operation: hide(error.operation),
    reason: concealReason(hide, error.reason),
  });
};

/**
 * A source whose errors carry no secret, whatever it or its vendor put into them: DAGs may keep them in the store,
 * where nothing hides them any more.
 */
export const concealed = (
  { session, instruments, candles, renew }: Plugin.SourceServices,
  hide: Hide,
): Plugin.SourceServices => {
  const conceal = concealError(hide);
  return {
    session: { info: session.info, authenticate: Effect.mapError(session.authenticate, conceal) },
    ...(instruments === undefined ? {} : {
      instruments: {
        instruments: (exchange) => Stream.mapError(instruments.instruments(exchange), conceal),
      },
    }),
    ...(candles === undefined
      ? {}
      : { candles: { candles: (request) => Effect.mapError(candles.candles(request), conceal) } }),
    ...(renew === undefined ? {} : {
      renew: (error, wasAccepted) => Effect.mapError(renew(error, wasAccepted), conceal),
    }),
  };
};
