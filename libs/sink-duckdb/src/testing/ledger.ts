import { Dataset } from "@candlewick/core";

/** What transactions numbered from 0 leave behind: rows of their own, and one row that each of them changes. */
export const ledger = Dataset.make({
  name: "ledger",
  columns: {
    n: Dataset.int64("number of the transaction"),
    line: Dataset.int32(),
    amount: Dataset.decimal(),
    note: Dataset.text(),
  },
  key: ["n", "line"],
});

export const totals = Dataset.make({
  name: "totals",
  columns: { name: Dataset.text(), n: Dataset.int64() },
  key: ["name"],
});

/** Now few rows, which are one statement, now many, which go through the appender. */
export const linesOf = (n: number): number => n % 3 === 0 ? 5_000 : 20;

export const rowsOf = (n: number): ReadonlyArray<Dataset.Row<typeof ledger>> =>
  Array.from({ length: linesOf(n) }, (_, line) => ({
    n,
    line,
    amount: `${n}.25`,
    note: `transaction ${n}`,
  }));
