import type { Dataset } from "@candlewick/core";

/** A name for messages, cut when it is long. */
export const shownName = (name: string): string =>
  JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);

const descriptionFault = (descriptions: ReadonlyArray<string>): string | undefined =>
  descriptions.some((description) => description.includes("\0")) ? "a description holds a NUL" : undefined;

/** A column that a view takes from a dataset without it. */
const absentFault = (dataset: Dataset.Dataset, names: ReadonlyArray<string>): string | undefined => {
  const absent = names.find((name) => !Object.hasOwn(dataset.columns, name));
  return absent === undefined ? undefined : `dataset ${dataset.name} has no column ${JSON.stringify(absent)}`;
};

/** Why something cannot be a name in a database, as it is and not nearly. */
export interface NameRules {
  readonly tableFault: (name: string) => string | undefined;
  readonly columnFault: (name: string) => string | undefined;
}

/** What the rules of a database make of definitions. `Dataset.make` makes none with a fault; others may. */
export const namingBy = ({ columnFault, tableFault }: NameRules) => {
  /** Definitions that were judged; they are values that do not change. */
  const judged = new WeakMap<Dataset.Dataset, { readonly fault: string | undefined }>();

  /** Why a dataset's names cannot be those of a table. */
  const namesFault = (dataset: Dataset.Dataset): string | undefined => {
    const known = judged.get(dataset);
    if (known !== undefined) return known.fault;
    const { name, columns, description } = dataset;
    const fault = tableFault(name) ??
      Object.keys(columns).map(columnFault).find((one) => one !== undefined) ??
      descriptionFault([description, ...Object.values(columns).map((column) => column.description)]);
    judged.set(dataset, { fault });
    return fault;
  };

  const viewFault = ({ name, description, base, joined, on, adds }: Dataset.View): string | undefined =>
    tableFault(name) ?? descriptionFault([description]) ?? namesFault(base) ?? namesFault(joined) ??
      absentFault(base, on.map(([left]) => left)) ?? absentFault(joined, [
        ...on.map(([, right]) => right),
        ...adds,
      ]);

  return {
    namesFault,
    /** The same also of a view and of the columns it refers to. */
    definitionFault: (definition: Dataset.Dataset | Dataset.View): string | undefined =>
      "base" in definition ? viewFault(definition) : namesFault(definition),
  };
};
