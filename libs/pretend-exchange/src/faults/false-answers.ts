import type { Answer } from "../server/answer.ts";
import { DAY_SECONDS } from "../time.ts";
import { rowsOf, withRows } from "./candle-rows.ts";
import type { Desk } from "./desk.ts";

/**
 * An answer that is well-formed and false, in place of the one that was due; undefined where there is nothing to
 * falsify.
 */
export type Falsify = (due: Answer, desk: Desk) => Answer | undefined;

/** Days beyond the range that an answer out of range may reach. */
const REACH_DAYS = 10;
const MOST_CANDIDATES = 20;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Another instrument's candles of the same range. */
export const wrongInstrument: Falsify = (due, { query, candles, others, wording }) => {
  if (query === undefined || rowsOf(due, wording.candles) === undefined) return undefined;
  let tried = 0;
  for (const instrumentToken of others(query.instrumentToken)) {
    const answer = candles({ ...query, instrumentToken });
    if ((rowsOf(answer, wording.candles)?.rows.length ?? 0) > 0 && !sameBytes(answer.body, due.body)) {
      return answer;
    }
    if (++tried === MOST_CANDIDATES) return undefined;
  }
  return undefined;
};

/**
 * The candles asked for and those of the days around them. None is so near that the vendor's rounding of a
 * bound to its candle would explain it.
 */
export const outOfRange =
  (side: "before" | "after" | undefined): Falsify => (due, { query, candles, wording }) => {
    const inside = rowsOf(due, wording.candles);
    if (query === undefined || inside === undefined) return undefined;
    const { from, to } = query;
    const reach = REACH_DAYS * DAY_SECONDS;
    const rowsIn = (from: number, to: number) =>
      rowsOf(candles({ ...query, from, to }), wording.candles)?.rows ?? [];
    const before = side === "after" ? [] : rowsIn(from - reach, from - DAY_SECONDS);
    const after = side === "before" ? [] : rowsIn(to + DAY_SECONDS, to + reach);
    return before.length + after.length === 0
      ? undefined
      : withRows(due, [...before, ...inside.rows, ...after], wording.candles);
  };

/** Two neighbours in the middle change places. */
export const outOfOrder: Falsify = (due, { wording }) => {
  const rows = rowsOf(due, wording.candles)?.rows ?? [];
  const middle = Math.floor(rows.length / 2);
  const [earlier, later] = rows.slice(middle - 1, middle + 1);
  return rows.length < 2 || earlier === undefined || later === undefined
    ? undefined
    : withRows(due, rows.with(middle - 1, later).with(middle, earlier), wording.candles);
};

/** A candle in the middle comes twice. */
export const duplicated: Falsify = (due, { wording }) => {
  const rows = rowsOf(due, wording.candles)?.rows ?? [];
  const middle = Math.floor(rows.length / 2);
  return rows.length === 0
    ? undefined
    : withRows(due, [...rows.slice(0, middle + 1), ...rows.slice(middle)], wording.candles);
};

/** No candles where there are some. */
export const empty: Falsify = (due, { wording }) =>
  (rowsOf(due, wording.candles)?.rows.length ?? 0) === 0 ? undefined : withRows(due, [], wording.candles);
