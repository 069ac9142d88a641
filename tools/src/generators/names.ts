/** The names that generated code needs, all made from one id. */
export interface Names {
  /** `my-broker` */
  readonly id: string;
  /** `MyBroker` */
  readonly Name: string;
  /** `MY_BROKER`, how its variables begin. */
  readonly NAME: string;
  /** `My Broker`, for people. */
  readonly title: string;
}

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Names of tables are made of the ids of a source and a DAG, and have at most 63 characters. */
const LONGEST = 24;

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/**
 * @throws Error that says what an id may be.
 */
export const namesOf = (id: string, displayName?: string): Names => {
  if (!ID.test(id) || id.length > LONGEST) {
    throw new Error(
      `"${id}" is no id for a plugin: lower-case letters, digits and single hyphens, a letter first, ` +
        `${LONGEST} characters at most, such as my-broker`,
    );
  }
  const words = id.split("-");
  const title = displayName?.trim() || words.map(capital).join(" ");
  if (!/^[^"\\`$\r\n]{1,60}$/.test(title)) {
    throw new Error(`"${title}" is no name to show: one line of 60 characters at most, no quotes, \\ or $`);
  }
  return { id, Name: words.map(capital).join(""), NAME: id.toUpperCase().replaceAll("-", "_"), title };
};
