import type { Instrument, Plugin, PluginError, Source } from "@candlewick/core";
import { Effect, Stream } from "effect";

/** All of a dump in one batch. */
export const allInstruments = (
  { instruments }: Pick<Required<Plugin.SourceServices>, "instruments">,
  exchange?: string,
): Effect.Effect<Instrument.InstrumentBatch, PluginError.PluginError> =>
  Effect.map(Stream.runCollect(instruments.instruments(exchange)), (batches) => ({
    instruments: batches.flatMap((batch) => batch.instruments),
    rejected: batches.flatMap((batch) => batch.rejected),
  }));

/** A request for any candle there can be of a share of the NSE with this token. */
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
