import { Text } from "@candlewick/core";

export type Cell = string | number;

const textOf = (cell: Cell): string => typeof cell === "number" ? Text.number(cell) : cell;

/** Numbers, and text that is nothing but a number, stand right. */
const isNumeric = (cell: Cell): boolean => typeof cell === "number" || /^-?[\d,]+(\.\d+)?%?$/.test(cell);

/**
 * Rows under their titles, columns aligned: those of numbers to the right, the others to the left. A `-` stands
 * for nothing and does not make a column text.
 */
export const alignedRows = (
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
): { readonly header: string; readonly lines: ReadonlyArray<string> } => {
  const texts = rows.map((row) => columns.map((_, index) => textOf(row[index] ?? "")));
  const widths = columns.map((title, index) =>
    Math.max(title.length, ...texts.map((row) => row[index]!.length))
  );
  const right = columns.map((_, index) => {
    const cells = rows.map((row) => row[index] ?? "").filter((cell) => cell !== "-" && cell !== "");
    return cells.length > 0 && cells.every(isNumeric);
  });
  const line = (cells: ReadonlyArray<string>) =>
    cells.map((cell, index) => right[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))
      .join("  ").trimEnd();
  return { header: line(columns), lines: texts.map(line) };
};
