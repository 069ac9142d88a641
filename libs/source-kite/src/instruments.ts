import { Decimal, type Instrument, MarketTime, type Rejection } from "@candlewick/core";
import { type CsvFault, CsvReader } from "./csv.ts";
import { sketch } from "./envelope.ts";

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

/** Rows decoded so far, until someone takes them on. */
export interface Collected {
  readonly instruments: Array<Instrument.Instrument>;
  readonly rejected: Array<Rejection.Rejection>;
}

export const collected = (): Collected => ({ instruments: [], rejected: [] });

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

const isBlank = (text: string): boolean => text === "" || text.trim() === "";

const isToken = (text: string): boolean => /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));

/** Null where blank; `undefined` where it is no number. */
const decimal = (text: string): Decimal.Decimal | null | undefined =>
  isBlank(text) ? null : Decimal.fromText(text);

const wholeNumber = (text: string): number | null | undefined => {
  if (isBlank(text)) return null;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Some dozens of days in 100,000 rows: each is checked once. */
const dayChecker = () => {
  const known = new Map<string, boolean>();
  return (text: string): boolean => {
    let isDay = known.get(text);
    if (isDay === undefined) {
      isDay = MarketTime.isDay(text);
      known.set(text, isDay);
    }
    return isDay;
  };
};

/**
 * One row of the dump, in the order of `columns`. Text stays as the vendor wrote it, stray blanks and trailing
 * zeros included (002-P17); only a field that is blank altogether becomes null. The last price is not kept, so
 * it is not checked either.
 */
const decodeRow = (
  fields: ReadonlyArray<string>,
  isDay: (text: string) => boolean,
): Instrument.Instrument | RowFault => {
  const [
    token,
    exchangeToken,
    tradingsymbol,
    name,
    ,
    expiry,
    strikeText,
    tickText,
    lotText,
    type,
    segment,
    exchange,
  ] = fields as unknown as Row;
  if (isBlank(token)) return "missing instrument_token";
  if (isBlank(exchange)) return "missing exchange";
  if (isBlank(tradingsymbol)) return "missing tradingsymbol";
  if (!isToken(token)) return "instrument_token is not a whole number";
  const hasExpiry = !isBlank(expiry);
  if (hasExpiry && !isDay(expiry)) return "expiry is not a day";
  const strike = decimal(strikeText);
  if (strike === undefined) return "strike is not a number";
  const tickSize = decimal(tickText);
  if (tickSize === undefined) return "tick_size is not a number";
  const lotSize = wholeNumber(lotText);
  if (lotSize === undefined) return "lot_size is not a whole number";
  return {
    token,
    exchangeToken: isBlank(exchangeToken) ? null : exchangeToken,
    tradingsymbol,
    name: isBlank(name) ? null : name,
    exchange,
    segment,
    instrumentType: type,
    expiry: hasExpiry ? expiry : null,
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
export class InstrumentDecoder {
  readonly #reader = new CsvReader();
  readonly #isDay = dayChecker();
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
    const instrument = decodeRow(fields, this.#isDay);
    if (typeof instrument === "string") into.rejected.push({ reason: instrument, raw: reader.raw });
    else into.instruments.push(instrument);
    return undefined;
  }
}
