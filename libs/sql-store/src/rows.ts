import { ColumnValue, type Dataset, Decimal } from "@candlewick/core";

/** A row of a dataset with its types worn off. */
export type AnyRow = Readonly<Record<string, unknown>>;

/**
 * A key for people: `instrument_id=5, interval=day, ts=2024-01-01T00:00:00.000Z`. `textOf` writes a value of a column,
 * also one that does not fit it.
 */
export const describeKeyBy =
  (textOf: (column: Dataset.Column, value: unknown) => string) =>
  (dataset: Dataset.Dataset, row: AnyRow): string =>
    dataset.key.map((name) => `${name}=${ColumnValue.shown(textOf(dataset.columns[name]!, row[name]))}`).join(
      ", ",
    );

/** The first row whose key an earlier one has; for rows in memory, in any order. Keys hold no JSON. */
export const repeatedRow = (dataset: Dataset.Dataset, rows: ReadonlyArray<AnyRow>): AnyRow | undefined => {
  const parts = dataset.key.map((name) => ({ name, isDecimal: dataset.columns[name]!.type === "decimal" }));
  const seen = new Set<string>();
  for (const row of rows) {
    let key = "";
    for (const { isDecimal, name } of parts) {
      const value = row[name];
      // Stored text holds no NUL, so that keys cannot run into one another.
      key += `${isDecimal && typeof value === "string" ? Decimal.normalize(value) : value}\0`;
    }
    if (seen.has(key)) return row;
    seen.add(key);
  }
  return undefined;
};
