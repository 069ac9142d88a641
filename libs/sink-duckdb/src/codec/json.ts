import { Predicate } from "effect";

/** Escapes of NUL and of lone surrogates, which DuckDB's reader of JSON refuses; after an even number of backslashes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

const sorted = (_key: string, value: unknown): unknown =>
  Predicate.isObject(value) && !Array.isArray(value)
    ? Object.fromEntries(
      Object.entries(value).toSorted(([left], [right]) => left < right ? -1 : left > right ? 1 : 0),
    )
    : value;

/** The one text of a JSON value, keys in order, so that equal values are equal texts; `undefined` for what is none. */
export const jsonText = (value: unknown): string | undefined => {
  try {
    const text = JSON.stringify(value, sorted);
    return text?.includes("\\u") && UNSTORABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};
