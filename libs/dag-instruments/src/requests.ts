import type { Instrument, Source } from "@candlewick/core";

/**
 * The dumps to ask for, each the exchange it is of or `undefined` for all. A dump that always holds all exchanges is
 * asked for once, whatever the number of exchanges wanted of it.
 */
export const requestsFor = (
  info: Pick<Source.SourceInfo, "dump">,
  exchanges: ReadonlyArray<string>,
): ReadonlyArray<string | undefined> =>
  exchanges.length === 0 || (exchanges.length > 1 && info.dump.holds === "all") ? [undefined] : exchanges;

/** Keeps the listings of several exchanges. Of one or of all of them, a dump holds nothing else. */
export const onlyOf = (
  exchanges: ReadonlyArray<string>,
): (batch: Instrument.InstrumentBatch) => Instrument.InstrumentBatch => {
  if (exchanges.length <= 1) return (batch) => batch;
  const asked = new Set(exchanges);
  return ({ instruments, rejected }) => ({
    instruments: instruments.filter(({ exchange }) => asked.has(exchange)),
    rejected,
  });
};
