import type { Dataset } from "@candlewick/core";
import { toText } from "../columns.ts";

/** A name as an identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names as a list of identifiers, each after `prefix`. */
export const identifiers = (names: ReadonlyArray<string>, prefix = ""): string =>
  names.map((name) => prefix + identifier(name)).join(", ");

/** Text as a literal; sessions of this package have `standard_conforming_strings` on. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Values as the text of an array, every element quoted. */
export const arrayText = (type: Dataset.ColumnType, values: ReadonlyArray<unknown>): string =>
  `{${values.map((value) => `"${toText(type, value).replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;

/** A column as it is compared and ordered: text byte by byte in UTF-8, whatever the column's own collation. */
export const comparable = (type: Dataset.ColumnType, column: string): string =>
  type === "text" ? `${column} collate "C"` : column;
