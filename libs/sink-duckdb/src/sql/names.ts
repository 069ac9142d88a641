import type { Dataset } from "@candlewick/core";

/** What `Dataset.make` takes. DuckDB tells names apart without regard to case: others might fall together. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Names of this sink's own: its table of definitions, and its temporary tables. */
export const OWN = "candlewick_datasets";
const RESERVED = /^candlewick_(?:datasets|stage_\d+|given_\d+|selection_\d+)$/;

const nameFault = (name: string): string | undefined => {
  if (PLAIN_NAME.test(name)) return undefined;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  return `the name ${shown} is not a plain lower-case name`;
};

const tableNameFault = (name: string): string | undefined =>
  nameFault(name) ?? (RESERVED.test(name) ? `the name "${name}" is taken` : undefined);

const descriptionFault = (descriptions: ReadonlyArray<string>): string | undefined =>
  descriptions.some((description) => description.includes("\0")) ? "a description holds a NUL" : undefined;

/** Definitions that were judged; they are values that do not change. */
const judged = new WeakMap<Dataset.Dataset, { readonly fault: string | undefined }>();

/** Why a dataset's names cannot be those of a table. `Dataset.make` makes no such dataset; others may. */
export const namesFault = (dataset: Dataset.Dataset): string | undefined => {
  const known = judged.get(dataset);
  if (known !== undefined) return known.fault;
  const { name, columns, description } = dataset;
  const names = Object.keys(columns);
  const fault = tableNameFault(name) ?? names.map(nameFault).find((one) => one !== undefined) ??
    // JavaScript gives no row such a property.
    (names.includes("__proto__") ? `the name "__proto__" is taken` : undefined) ??
    descriptionFault([description, ...Object.values(columns).map((column) => column.description)]);
  judged.set(dataset, { fault });
  return fault;
};

/** A column that a view takes from a dataset without it. */
const absentFault = (dataset: Dataset.Dataset, names: ReadonlyArray<string>): string | undefined => {
  const absent = names.find((name) => !Object.hasOwn(dataset.columns, name));
  return absent === undefined ? undefined : `dataset ${dataset.name} has no column ${JSON.stringify(absent)}`;
};

/** The same of a view, also of the columns it refers to. */
export const viewNamesFault = ({ name, description, base, joined, on, adds }: Dataset.View) =>
  tableNameFault(name) ?? descriptionFault([description]) ?? namesFault(base) ?? namesFault(joined) ??
    absentFault(base, on.map(([left]) => left)) ?? absentFault(joined, [
      ...on.map(([, right]) => right),
      ...adds,
    ]);
