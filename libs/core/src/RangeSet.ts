/**
 * Sets of instants as sorted, disjoint, non-touching half-open ranges `[from, to)` of epoch milliseconds.
 * What is missing = asked for - covered: resume, increments, earlier backfill and repair of holes all come
 * out of this one difference.
 */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type RangeSet = ReadonlyArray<Range>;

export const empty: RangeSet = [];

/** The set of one range; empty when `to` is not after `from`. */
export const of = (from: number, to: number): RangeSet => from < to ? [{ from, to }] : empty;

/** Any ranges, in any order, overlapping or not, as a set. */
export const fromRanges = (ranges: Iterable<Range>): RangeSet => {
  const sorted = Array.from(ranges).filter((range) => range.from < range.to).sort((a, b) => a.from - b.from);
  const merged: Array<Range> = [];
  for (const range of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && range.from <= last.to) {
      if (range.to > last.to) merged[merged.length - 1] = { from: last.from, to: range.to };
    } else {
      merged.push({ from: range.from, to: range.to });
    }
  }
  return merged;
};

export const union = (left: RangeSet, right: RangeSet): RangeSet =>
  left.length === 0 ? right : right.length === 0 ? left : fromRanges([...left, ...right]);

/** What is in `left` and not in `right`. */
export const difference = (left: RangeSet, right: RangeSet): RangeSet => {
  if (left.length === 0 || right.length === 0) return left;
  const result: Array<Range> = [];
  let next = 0;
  for (const range of left) {
    let from = range.from;
    while (next < right.length && right[next]!.to <= from) next++;
    // A right range may reach into the next left range, so the scan starts from `next` each time.
    for (let i = next; i < right.length && right[i]!.from < range.to; i++) {
      const hole = right[i]!;
      if (hole.from > from) result.push({ from, to: hole.from });
      if (hole.to > from) from = hole.to;
    }
    if (from < range.to) result.push({ from, to: range.to });
  }
  return result;
};

export const intersection = (left: RangeSet, right: RangeSet): RangeSet => {
  const result: Array<Range> = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i]!;
    const b = right[j]!;
    const from = Math.max(a.from, b.from);
    const to = Math.min(a.to, b.to);
    if (from < to) result.push({ from, to });
    if (a.to < b.to) i++;
    else j++;
  }
  return result;
};

export const contains = (set: RangeSet, instant: number): boolean =>
  set.some((range) => range.from <= instant && instant < range.to);

/** Whether all of `part` is in `set`. */
export const covers = (set: RangeSet, part: RangeSet): boolean => difference(part, set).length === 0;

/** Total length in milliseconds. */
export const size = (set: RangeSet): number => set.reduce((sum, range) => sum + (range.to - range.from), 0);

/** Each range cut into pieces of at most `length` milliseconds, oldest first. */
export const cut = (set: RangeSet, length: number): ReadonlyArray<Range> => {
  if (!(length > 0)) throw new RangeError(`the length of a piece must be positive, not ${length}`);
  const pieces: Array<Range> = [];
  for (const range of set) {
    for (let from = range.from; from < range.to; from += length) {
      pieces.push({ from, to: Math.min(from + length, range.to) });
    }
  }
  return pieces;
};
