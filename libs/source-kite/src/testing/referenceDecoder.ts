import type { Instrument } from "@candlewick/core";
import { Schema } from "effect";
import { columns } from "../instruments.ts";

/**
 * The obvious way to read a dump: split the whole text character by character, name the fields, decode each row
 * by a schema. Slow, and so the judge of the fast one.
 */
const split = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const records: Array<Array<string>> = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const record = records.at(-1)!;
    const field = record.at(-1)!;
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') record[record.length - 1] = field + char;
      else if (text[at + 1] === '"') {
        record[record.length - 1] = field + '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && field === "") isQuoted = true;
    else if (char === ",") record.push("");
    else if (char === "\n") records.push([""]);
    else if (char !== "\r" || text[at + 1] !== "\n") record[record.length - 1] = field + char;
  }
  return records.slice(0, -1);
};

const filled = Schema.String.check(Schema.isPattern(/\S/));
const blankOr = (pattern: RegExp) => Schema.String.check(Schema.isPattern(pattern));

const Row = Schema.Struct({
  instrument_token: Schema.String.check(
    Schema.isPattern(/^[1-9]\d*$/),
    Schema.makeFilter((text) => Number.isSafeInteger(Number(text))),
  ),
  exchange_token: Schema.String,
  tradingsymbol: filled,
  name: Schema.String,
  last_price: Schema.String,
  expiry: blankOr(/^\s*$|^\d{4}-\d{2}-\d{2}$/).check(
    Schema.makeFilter((text) =>
      text.trim() === "" || new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
    ),
  ),
  strike: blankOr(/^\s*$|^-?\d+(\.\d+)?$/),
  tick_size: blankOr(/^\s*$|^-?\d+(\.\d+)?$/),
  lot_size: blankOr(/^\s*$|^\d+$/),
  instrument_type: Schema.String,
  segment: Schema.String,
  exchange: filled,
});

const orNull = (text: string): string | null => text.trim() === "" ? null : text;

const decodeRow = Schema.decodeUnknownOption(Row);

/** The listings of a dump that is whole, and how many rows hold none. */
export const referenceDecode = (
  text: string,
): { readonly instruments: ReadonlyArray<Instrument.Instrument>; readonly rejected: number } => {
  const rows = split(text).slice(1).map((fields) =>
    decodeRow(Object.fromEntries(columns.map((column, at) => [column, fields[at]]))).valueOrUndefined
  );
  const good = rows.filter((row) => row !== undefined);
  return {
    rejected: rows.length - good.length,
    instruments: good.map((row) => {
      const lotSize = orNull(row.lot_size);
      return {
        token: row.instrument_token,
        exchangeToken: orNull(row.exchange_token),
        tradingsymbol: row.tradingsymbol,
        name: orNull(row.name),
        exchange: row.exchange,
        segment: row.segment,
        instrumentType: row.instrument_type,
        expiry: orNull(row.expiry),
        strike: orNull(row.strike),
        tickSize: orNull(row.tick_size),
        lotSize: lotSize === null ? null : Number(lotSize),
      };
    }),
  };
};
