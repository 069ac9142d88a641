import { type Dataset, Where } from "@candlewick/core";

/** A selection with its types worn off. */
export interface Asked {
  readonly columns?: ReadonlyArray<string>;
  readonly where?: Where.Where;
  readonly orderBy?: ReadonlyArray<string | readonly [column: string, direction: "desc"]>;
  readonly limit?: number;
}

/** The columns that a selection asks for, with their types. */
export const columnsOf = ({ columns: defined }: Dataset.Dataset, { columns = Object.keys(defined) }: Asked) =>
  columns.map((name) => [name, defined[name]!.type] as const);

/** The columns that a selection is ordered by. */
export const orderOf = ({ orderBy = [] }: Asked) =>
  orderBy.map((order) =>
    typeof order === "string" ? { name: order, isDescending: false } : { name: order[0], isDescending: true }
  );

/** Why a selection cannot be answered, given what may be wrong with names and conditions. */
export const selectionFaultBy = (
  namesFault: (dataset: Dataset.Dataset) => string | undefined,
  whereFault: (dataset: Dataset.Dataset, where: Where.Where) => string | undefined,
) =>
(dataset: Dataset.Dataset, asked: Asked): string | undefined => {
  const misnamed = namesFault(dataset);
  if (misnamed !== undefined) return misnamed;
  const unknown = [...(asked.columns ?? []), ...orderOf(asked).map(({ name }) => name)]
    .find((name) => !Object.hasOwn(dataset.columns, name));
  if (unknown !== undefined) return `dataset ${dataset.name} has no column "${unknown}"`;
  if (asked.columns?.length === 0) return "no column is asked for";
  if (asked.limit !== undefined && !(Number.isSafeInteger(asked.limit) && asked.limit >= 0)) {
    return `the limit ${asked.limit} is no number of rows`;
  }
  return whereFault(dataset, asked.where ?? Where.all);
};
