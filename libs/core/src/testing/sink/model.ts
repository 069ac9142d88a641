import * as Decimal from "../../Decimal.ts";
import type { WriteCounts } from "../../Sink.ts";

/** What a sink is, in its plainest form: a list of rows with key (group, n), and pure functions over it. */
export interface ModelRow {
  readonly group: number;
  readonly n: number;
  readonly price: string;
  readonly note: string | null;
  /** Bookkeeping. */
  readonly seen_at: number;
}

export interface Outcome {
  readonly rows: ReadonlyArray<ModelRow>;
  readonly counts: WriteCounts;
}

const sameKey = (left: ModelRow, right: ModelRow) => left.group === right.group && left.n === right.n;

export const compareStored = (left: ModelRow, right: ModelRow) =>
  left.group - right.group || left.n - right.n;

const same = (left: ModelRow, right: ModelRow) =>
  left.note === right.note && Decimal.equals(left.price, right.price);

export const modelUpsert = (present: ReadonlyArray<ModelRow>, given: ReadonlyArray<ModelRow>): Outcome => {
  const partner = (row: ModelRow) => present.find((other) => sameKey(other, row));
  const updated = given.filter((row) => partner(row) !== undefined && !same(partner(row)!, row));
  const inserted = given.filter((row) => partner(row) === undefined);
  const kept = present.filter((row) => !updated.some((other) => sameKey(other, row)));
  return {
    rows: [...kept, ...updated, ...inserted],
    counts: {
      inserted: inserted.length,
      updated: updated.length,
      unchanged: given.length - inserted.length - updated.length,
      deleted: 0,
    },
  };
};

export const modelReplace = (
  present: ReadonlyArray<ModelRow>,
  group: number,
  given: ReadonlyArray<ModelRow>,
): Outcome => {
  const gone = present.filter((row) => row.group === group && !given.some((other) => sameKey(other, row)));
  const { rows, counts } = modelUpsert(present.filter((row) => !gone.includes(row)), given);
  return { rows, counts: { ...counts, deleted: gone.length } };
};
