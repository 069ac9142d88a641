/** A name as an identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names as a list of identifiers, each after `prefix`. */
export const identifiers = (names: ReadonlyArray<string>, prefix = ""): string =>
  names.map((name) => prefix + identifier(name)).join(", ");

/** Text as a literal, in which a backslash is a backslash. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
