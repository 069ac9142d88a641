import { Decimal, type Instrument, MarketTime } from "@candlewick/core";
import { type Collected, type DumpDecoder, sketch } from "@candlewick/vendor-http";
import { type CsvFault, CsvReader } from "./csv.ts";

/** The header of the dump. Another order or name is another format, and positions would lie. */
export const columns = [
  "instrument_token",
  "exchange_token",
  "tradingsymbol",
  "name",
  "last_price",
  "expiry",
  "strike",
  "tick_size",
  "lot_size",
  "instrument_type",
  "segment",
  "exchange",
] as const;

/** Why one row is not taken while the dump is. */
export type RowFault =
  | "missing instrument_token"
  | "missing exchange"
  | "missing tradingsymbol"
  | "instrument_token is not a whole number"
  | "expiry is not a day"
  | "strike is not a number"
  | "tick_size is not a number"
  | "lot_size is not a whole number";

/** The first character nearly always settles it; `trim` is for the rest. */
const isBlank = (text: string): boolean => {
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 127) && text.trim() === "";
};

const isToken = (text: string): boolean => /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));

const day = (text: string): MarketTime.Day | undefined => MarketTime.isDay(text) ? text : undefined;

const wholeNumber = (text: string): number | undefined => {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/**
 * Reads a field that may be blank: null where it is, `undefined` where it cannot be read. Of 100,000 rows only
 * some dozens of days and ticks and some thousand strikes differ, so each is read once.
 */
const optional = <T>(read: (text: string) => T | undefined): (text: string) => T | null | undefined => {
  const known = new Map<string, T | null | undefined>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined && !known.has(text)) {
      value = isBlank(text) ? null : read(text);
      known.set(text, value);
    }
    return value;
  };
};

const readers = () => ({
  expiry: optional(day),
  strike: optional(Decimal.fromText),
  tickSize: optional(Decimal.fromText),
  lotSize: optional(wholeNumber),
});

/**
 * One row of the dump, in the order of `columns`. Text stays as the vendor wrote it, stray blanks and trailing
 * zeros included (002-P17); only a field that is blank altogether becomes null. The last price is not kept, so
 * it is not checked either.
 */
const decodeRow = (row: Row, read: ReturnType<typeof readers>): Instrument.Instrument | RowFault => {
  const token = row[0];
  const exchangeToken = row[1];
  const tradingsymbol = row[2];
  const name = row[3];
  const exchange = row[11];
  if (isBlank(token)) return "missing instrument_token";
  if (isBlank(exchange)) return "missing exchange";
  if (isBlank(tradingsymbol)) return "missing tradingsymbol";
  if (!isToken(token)) return "instrument_token is not a whole number";
  const expiry = read.expiry(row[5]);
  if (expiry === undefined) return "expiry is not a day";
  const strike = read.strike(row[6]);
  if (strike === undefined) return "strike is not a number";
  const tickSize = read.tickSize(row[7]);
  if (tickSize === undefined) return "tick_size is not a number";
  const lotSize = read.lotSize(row[8]);
  if (lotSize === undefined) return "lot_size is not a whole number";
  return {
    token,
    exchangeToken: isBlank(exchangeToken) ? null : exchangeToken,
    tradingsymbol,
    name: isBlank(name) ? null : name,
    exchange,
    segment: row[10],
    instrumentType: row[9],
    expiry,
    strike,
    tickSize,
    lotSize,
  };
};

/** As many strings as there are columns; the decoder has counted them. */
type Row = Texts<typeof columns>;
type Texts<Names extends ReadonlyArray<string>> = { readonly [K in keyof Names]: string };

const headerFault = (fields: ReadonlyArray<string>): CsvFault | undefined => {
  for (const [at, field] of fields.entries()) {
    if (at >= columns.length) return `column "${field.slice(0, 60)}" is not known`;
    if (field !== columns[at]) {
      return `column ${at + 1} is "${field.slice(0, 60)}" instead of "${columns[at]}"`;
    }
  }
  return fields.length < columns.length ? `column "${columns[fields.length]}" is missing` : undefined;
};

/** An error page or an error envelope in place of the dump, told by its first bytes. */
const otherDocument = (bytes: Uint8Array): CsvFault | undefined => {
  const start = new TextDecoder().decode(bytes.subarray(0, 1_024));
  return /^\s*[<{]/.test(start) ? `it is ${sketch(start)}` : undefined;
};

/**
 * Decodes an instrument dump as its bytes arrive. A row that cannot be used is rejected with its reason and its
 * text (002-P3); damage that puts the rest in doubt (a missing or unknown column, a short or long row, no final
 * line end, another kind of document) is a fault of the dump, and then nothing of it may be stored.
 */
export class InstrumentDecoder implements DumpDecoder {
  readonly #reader = new CsvReader();
  readonly #readers = readers();
  #rows = -1;

  /** Rows seen, rejected ones included. */
  get rows(): number {
    return Math.max(0, this.#rows);
  }

  /** Takes the next bytes; the rows they complete are added to `into`. */
  push(bytes: Uint8Array, into: Collected): CsvFault | undefined {
    const other = this.#rows < 0 ? otherDocument(bytes) : undefined;
    if (other !== undefined) return other;
    return this.#reader.push(bytes, (fields, reader) => this.#record(fields, reader, into));
  }

  /** To be called after the last bytes. */
  end(into: Collected): CsvFault | undefined {
    const fault = this.#reader.end((fields, reader) => this.#record(fields, reader, into));
    return fault ?? (this.#rows < 0 ? "it is empty" : undefined);
  }

  #record(fields: ReadonlyArray<string>, reader: CsvReader, into: Collected): CsvFault | undefined {
    this.#rows++;
    if (this.#rows === 0) return headerFault(fields);
    if (fields.length !== columns.length) {
      return `row ${this.#rows} has ${fields.length} columns instead of ${columns.length}`;
    }
    const instrument = decodeRow(fields as ReadonlyArray<string> as Row, this.#readers);
    if (typeof instrument === "string") into.rejected.push({ reason: instrument, raw: reader.raw });
    else into.instruments.push(instrument);
    return undefined;
  }
}
