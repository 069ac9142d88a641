import { jsonText as textOf } from "@candlewick/sql-store";
import { Predicate } from "effect";

const sorted = (_key: string, value: unknown): unknown =>
  Predicate.isObject(value) && !Array.isArray(value)
    ? Object.fromEntries(
      Object.entries(value).toSorted(([left], [right]) => left < right ? -1 : left > right ? 1 : 0),
    )
    : value;

/** The one text of a JSON value, keys in order, so that equal values are equal texts; `undefined` for what is none. */
export const jsonText = (value: unknown): string | undefined => textOf(value, sorted);
