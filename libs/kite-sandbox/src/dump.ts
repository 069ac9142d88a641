import { type Instrument, Time } from "@candlewick/pretend-exchange";

/** The header of the vendor's instruments dump. */
export const DUMP_COLUMNS =
  "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange";

/** Names are quoted where there is one, nothing else is. */
const line = (instrument: Instrument): string => {
  const name = instrument.name === "" ? "" : `"${instrument.name}"`;
  const expiry = instrument.expiry === undefined ? "" : Time.formatDay(instrument.expiry);
  const { instrumentToken, exchangeToken, tradingsymbol, strike, tickSize, lotSize } = instrument;
  return `${instrumentToken},${exchangeToken},${tradingsymbol},${name},0,${expiry},${strike},${tickSize},${lotSize},` +
    `${instrument.instrumentType},${instrument.segment},${instrument.exchange}\n`;
};

/** The dump of a list of instruments as the vendor writes it: CSV with a final newline, last price always 0. */
export const renderDump = (instruments: ReadonlyArray<Instrument>): string =>
  `${DUMP_COLUMNS}\n${instruments.map(line).join("")}`;
