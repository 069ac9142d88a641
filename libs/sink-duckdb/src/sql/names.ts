import { namingBy, REGISTRY, shownName } from "@candlewick/sql-store";

/** What `Dataset.make` takes. DuckDB tells names apart without regard to case: others might fall together. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Temporary tables of this sink. */
const TEMPORARY = /^candlewick_(?:stage|given|selection)_\d+$/;

const plainFault = (name: string): string | undefined =>
  PLAIN_NAME.test(name) ? undefined : `the name ${shownName(name)} is not a plain lower-case name`;

export const { definitionFault, namesFault } = namingBy({
  tableFault: (name) =>
    plainFault(name) ??
      (name === REGISTRY || TEMPORARY.test(name) ? `the name "${name}" is taken` : undefined),
  // JavaScript gives no row such a property.
  columnFault: (name) =>
    plainFault(name) ?? (name === "__proto__" ? `the name "__proto__" is taken` : undefined),
});
