import type { Completeness } from "@candlewick/core";

const figures = new Intl.NumberFormat("en-US");

/** `1 hole`, `1,200 holes`. */
export const count = (n: number, what: string, many = `${what}s`): string =>
  `${figures.format(n)} ${n === 1 ? what : many}`;

/** Up to this many are named in a note. */
const NAMED = 5;

/** `a, b, c, d, e and 3 more`. */
export const named = (names: ReadonlyArray<string>): string =>
  names.length <= NAMED
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;

/** `answered empty`, `failed after 8 tries: HTTP 503`. */
export const reasonText = ({ error, reason, tries }: Completeness.Hole): string =>
  error === undefined ? reason : `${reason} after ${count(tries ?? 0, "try", "tries")}: ${error}`;

/** `2025-01-09`, `2025-01-09 to 2025-01-14 (4 sessions)`. */
const daysText = ({ from, sessions, to }: Completeness.Hole): string =>
  from === to ? from : `${from} to ${to}${sessions === null ? "" : ` (${count(sessions, "session")})`}`;

/** A hole in a sentence: `2025-01-09 answered empty`. */
export const holeText = (hole: Completeness.Hole): string => `${daysText(hole)} ${reasonText(hole)}`;
