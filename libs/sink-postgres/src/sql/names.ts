import type { Dataset } from "@candlewick/core";

/** Bytes of a name that PostgreSQL keeps; longer ones it cuts in silence, so that two would become one. */
const LONGEST = 63;

/**
 * Names that statements of this package give to columns and a table of their own, or that no row can have in
 * JavaScript.
 */
const TAKEN: ReadonlyArray<string> = ["~new", "__proto__", "candlewick_datasets"];

/** Bytes of a name in UTF-8. */
export const bytesOf = (name: string): number => new TextEncoder().encode(name).length;

/** Why this cannot be a name in a database, as it is and not nearly. */
export const nameFault = (name: string): string | undefined => {
  if (name === "") return "a name is empty";
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  if (name.includes("\0")) return `the name ${shown} holds a NUL`;
  if (!name.isWellFormed()) return `the name ${shown} holds half a character`;
  if (bytesOf(name) > LONGEST) return `the name ${shown} is longer than ${LONGEST} bytes`;
  return TAKEN.includes(name) ? `the name ${shown} is taken` : undefined;
};

const firstFault = (names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const fault = nameFault(name);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const descriptionFault = (descriptions: ReadonlyArray<string>): string | undefined =>
  descriptions.some((description) => description.includes("\0")) ? "a description holds a NUL" : undefined;

/** Definitions that were judged; they are values that do not change. */
const judged = new WeakMap<Dataset.Dataset, { readonly fault: string | undefined }>();

/** Why a dataset's names cannot be those of a table. `Dataset.make` makes no such dataset; others may. */
export const namesFault = (dataset: Dataset.Dataset): string | undefined => {
  const known = judged.get(dataset);
  if (known !== undefined) return known.fault;
  const { name, columns, description } = dataset;
  const fault = firstFault([name, ...Object.keys(columns)]) ??
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
  nameFault(name) ?? descriptionFault([description]) ?? namesFault(base) ?? namesFault(joined) ??
    absentFault(base, on.map(([left]) => left)) ?? absentFault(joined, [
      ...on.map(([, right]) => right),
      ...adds,
    ]);
