import type { Dataset } from "@candlewick/core";
import type { AnyRow } from "@candlewick/sql-store";
import { instantFromText } from "./time.ts";

/** Reads one value as PostgreSQL prints it. */
export const fromText: { readonly [T in Dataset.ColumnType]: (text: string) => unknown } = {
  int32: Number,
  int64: Number,
  decimal: (text) => text,
  text: (text) => text,
  boolean: (text) => text === "t",
  date: (text) => text,
  timestamp: instantFromText,
  json: (text) => JSON.parse(text),
};

/** The one-letter escapes of COPY's text format: https://www.postgresql.org/docs/18/sql-copy.html */
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

const unescape = (field: string): string =>
  field.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);

/**
 * A reader of rows in the text format of COPY. It is given whole lines, each ended by a newline; raw tabs and
 * newlines only ever separate, for inside values they are escaped.
 */
export const textRows = (columns: ReadonlyArray<readonly [name: string, type: Dataset.ColumnType]>) => {
  const names = columns.map(([name]) => name);
  const readers = columns.map(([, type]) => fromText[type]);
  const last = columns.length - 1;
  return (lines: string): ReadonlyArray<AnyRow> => {
    const escaped = lines.includes("\\");
    const rows: Array<AnyRow> = [];
    let at = 0;
    while (at < lines.length) {
      const row: Record<string, unknown> = {};
      for (let i = 0; i <= last; i++) {
        const end = lines.indexOf(i === last ? "\n" : "\t", at);
        const field = lines.slice(at, end);
        at = end + 1;
        row[names[i]!] = !escaped
          ? readers[i]!(field)
          : field === "\\N"
          ? null
          : readers[i]!(field.includes("\\") ? unescape(field) : field);
      }
      rows.push(row);
    }
    return rows;
  };
};
