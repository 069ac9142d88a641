import { namingBy, REGISTRY, shownName } from "@candlewick/sql-store";

/** Bytes of a name that PostgreSQL keeps; longer ones it cuts in silence, so that two would become one. */
const LONGEST = 63;

/**
 * Names that statements of this package give to columns, parts and a table of their own, or that no row can have in
 * JavaScript.
 */
const TAKEN: ReadonlyArray<string> = [
  ...["~new", "~given", "~differing", "~deleted", "~updated", "~inserted"],
  "__proto__",
  REGISTRY,
];

/** Bytes of a name in UTF-8. */
export const bytesOf = (name: string): number => new TextEncoder().encode(name).length;

/** Why this cannot be a name in a database, as it is and not nearly. */
const nameFault = (name: string): string | undefined => {
  if (name === "") return "a name is empty";
  const shown = shownName(name);
  if (name.includes("\0")) return `the name ${shown} holds a NUL`;
  if (!name.isWellFormed()) return `the name ${shown} holds half a character`;
  if (bytesOf(name) > LONGEST) return `the name ${shown} is longer than ${LONGEST} bytes`;
  return TAKEN.includes(name) ? `the name ${shown} is taken` : undefined;
};

export const { definitionFault, namesFault } = namingBy({ tableFault: nameFault, columnFault: nameFault });
