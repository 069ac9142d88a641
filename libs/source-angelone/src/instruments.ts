import { Decimal, type Instrument, MarketTime } from "@candlewick/core";
import { type Collected, type DumpDecoder, sketch } from "@candlewick/vendor-http";
import { JsonArrayReader, type JsonFault } from "./jsonArray.ts";

/** What every row of the scrip master has, all of it text. Other keys are ignored: the vendor may add some. */
export const fields = [
  "token",
  "symbol",
  "name",
  "expiry",
  "strike",
  "lotsize",
  "instrumenttype",
  "exch_seg",
  "tick_size",
] as const;

export type MasterRow = Readonly<Record<typeof fields[number], string>>;

/** Why one row is not taken while the master is. */
export type RowFault =
  | "a field is not text"
  | "a field holds a NUL"
  | "missing token"
  | "missing exch_seg"
  | "missing symbol"
  | "expiry is not a day"
  | "strike is not a number"
  | "tick_size is not a number"
  | "lotsize is not a whole number"
  | "an option that is neither CE nor PE";

/**
 * By how many places strikes and ticks are shifted. The vendor documents none; the rule is measured on the master of
 * September 2025, where the shifted strike is the one in the symbol for each of the 103,815 options: NFO 30,181,
 * BFO 36,268, MCX 16,074 and NCDEX 1,092 by 2 places, NCO 10,594 by 4, CDS 9,606 by 7. Ticks follow the same rule:
 * 5 is 0.05 in NFO, 100 is 0.01 in NCO (copper), 25000 is 0.0025 in CDS (USDINR).
 */
const places = (exchange: string): number => exchange === "CDS" ? 7 : exchange === "NCO" ? 4 : 2;

const UNSIGNED = /^\d+(\.\d+)?$/;

/** What is none: `-1.000000`. */
const NONE = /^-1(\.0+)?$/;

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** `28OCT2025` as `2025-10-28`; `undefined` when it is no day. */
const day = (text: string): MarketTime.Day | undefined => {
  const [, date, name, year] = /^(\d\d)([A-Z]{3})(\d{4})$/.exec(text) ?? [];
  const month = MONTHS.indexOf(name ?? "") + 1;
  const value = `${year}-${String(month).padStart(2, "0")}-${date}`;
  return MarketTime.isDay(value) ? value : undefined;
};

/** Exact: the digits stay, the point moves. `null` for none, `undefined` for what is no number. */
const shifted = (text: string, exchange: string): Decimal.Decimal | null | undefined => {
  if (NONE.test(text)) return null;
  const decimal = UNSIGNED.test(text) ? Decimal.fromText(`${text}e-${places(exchange)}`) : undefined;
  return decimal === undefined ? undefined : Decimal.normalize(decimal);
};

const wholeNumber = (text: string): number | null | undefined => {
  if (text === "-1") return null;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Of 127,000 rows only some thousand texts differ, so each is read once. */
const remembered = <T>(
  read: (text: string, exchange: string) => T,
): (text: string, exchange: string) => T => {
  const byExchange = new Map<string, Map<string, T>>();
  return (text, exchange) => {
    let known = byExchange.get(exchange);
    if (known === undefined) byExchange.set(exchange, known = new Map());
    let value = known.get(text);
    if (value === undefined && !known.has(text)) known.set(text, value = read(text, exchange));
    return value as T;
  };
};

const readers = () => ({
  expiry: remembered((text): string | null | undefined => text === "" ? null : day(text)),
  price: remembered(shifted),
  lotSize: remembered(wholeNumber),
});

/** NCDEX puts the underlying future behind the strike: `DHANIYA10OCT25CE6900FOCT25`. */
const OPTION = /(CE|PE)(?:[\d.]+F[A-Z]{3}\d\d)?$/;

const INDEX = /^(AMXIDX|INDEX)$/;

/** `EQ`, `FUT`, `CE`, `PE`, `IDX`, or the vendor's own word; `undefined` for an option that shows no side. */
const typeOf = (kind: string, symbol: string): string | undefined => {
  if (kind === "") return "EQ";
  if (kind.startsWith("FUT")) return "FUT";
  if (kind.startsWith("OPT")) return OPTION.exec(symbol)?.[1];
  return INDEX.test(kind) ? "IDX" : kind;
};

const isBlank = (text: string): boolean => text.trim() === "";

const decodeRow = (row: MasterRow, read: ReturnType<typeof readers>): Instrument.Instrument | RowFault => {
  const { exch_seg: exchange, instrumenttype: kind, name, symbol, token } = row;
  if (isBlank(token)) return "missing token";
  if (isBlank(exchange)) return "missing exch_seg";
  if (isBlank(symbol)) return "missing symbol";
  const instrumentType = typeOf(kind, symbol);
  if (instrumentType === undefined) return "an option that is neither CE nor PE";
  const expiry = read.expiry(row.expiry, "");
  if (expiry === undefined) return "expiry is not a day";
  const strike = read.price(row.strike, exchange);
  if (strike === undefined) return "strike is not a number";
  const tickSize = read.price(row.tick_size, exchange);
  if (tickSize === undefined) return "tick_size is not a number";
  const lotSize = read.lotSize(row.lotsize, "");
  if (lotSize === undefined) return "lotsize is not a whole number";
  return {
    token,
    exchangeToken: null,
    tradingsymbol: symbol,
    name: isBlank(name) ? null : name,
    exchange,
    // With the vendor's type (symbol, segment) is unique: METAL is both a share and an index of the BSE.
    segment: kind === "" ? exchange : `${exchange}-${kind}`,
    instrumentType,
    expiry,
    // Half of what has no strike says 0 instead of none.
    strike: kind.startsWith("OPT") ? strike : null,
    tickSize,
    lotSize,
  };
};

const isText = (value: unknown): value is string => typeof value === "string";

/** What an element of the array holds, where it has all fields; or the first that is missing. */
const rowOf = (element: unknown): Readonly<Record<string, unknown>> | JsonFault => {
  if (typeof element !== "object" || element === null || Array.isArray(element)) return "is no object";
  const missing = fields.find((field) => !Object.hasOwn(element, field));
  return missing === undefined ? element as Readonly<Record<string, unknown>> : `has no field "${missing}"`;
};

const isWhole = (row: Readonly<Record<string, unknown>>): row is MasterRow =>
  fields.every((field) => isText(row[field]));

/**
 * Decodes the scrip master as its bytes arrive, all of it or the rows of one exchange. A row that cannot be used is
 * rejected with its reason and its text; damage that puts the rest in doubt (an array that does not end, a row that
 * is no object or lacks a field, another kind of document) is a fault of the master, and then nothing of it may be
 * stored.
 */
export class MasterDecoder implements DumpDecoder {
  readonly #reader = new JsonArrayReader();
  readonly #readers = readers();
  readonly #exchange: string | undefined;
  #rows = 0;
  #hasBegun = false;

  constructor(exchange?: string) {
    this.#exchange = exchange;
  }

  /** Rows seen, also those of other exchanges. */
  get rows(): number {
    return this.#rows;
  }

  push(bytes: Uint8Array, into: Collected): JsonFault | undefined {
    if (!this.#hasBegun && bytes.length > 0) {
      this.#hasBegun = true;
      const start = new TextDecoder().decode(bytes.subarray(0, 1_024));
      if (/^\s*[^[\s]/.test(start)) return `it is ${sketch(start)}`;
    }
    return this.#reader.push(bytes, (element, raw) => this.#element(element, raw, into));
  }

  end(into: Collected): JsonFault | undefined {
    return this.#reader.end((element, raw) => this.#element(element, raw, into));
  }

  #element(element: unknown, raw: string, into: Collected): JsonFault | undefined {
    this.#rows++;
    const row = rowOf(element);
    if (typeof row === "string") return `row ${this.#rows} ${row}`;
    // A row that does not tell its exchange may be one of any.
    if (this.#exchange !== undefined && isText(row["exch_seg"]) && row["exch_seg"] !== this.#exchange) {
      return undefined;
    }
    const reject = (reason: RowFault) => void into.rejected.push({ reason, raw: raw.trim() });
    if (!isWhole(row)) return reject("a field is not text");
    // No store keeps a NUL in a text.
    if (raw.includes("\\u0000") && fields.some((field) => row[field].includes("\0"))) {
      return reject("a field holds a NUL");
    }
    const instrument = decodeRow(row, this.#readers);
    if (isText(instrument)) return reject(instrument);
    into.instruments.push(instrument);
    return undefined;
  }
}
