import type { Dataset } from "@candlewick/core";
import { toText } from "../columns.ts";

/** Values as the text of an array, every element quoted. */
export const arrayText = (type: Dataset.ColumnType, values: ReadonlyArray<unknown>): string =>
  `{${values.map((value) => `"${toText(type, value).replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;

/** A column as it is compared and ordered: text byte by byte in UTF-8, whatever the column's own collation. */
export const comparable = (type: Dataset.ColumnType, column: string): string =>
  type === "text" ? `${column} collate "C"` : column;
