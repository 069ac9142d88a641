const figures = new Intl.NumberFormat("en-US");

/** `1 future`, `1,200 futures`. */
export const count = (n: number, what: string, many = `${what}s`): string =>
  `${figures.format(n)} ${n === 1 ? what : many}`;

/** Up to this many are named in a note. */
const NAMED = 5;

/** `a, b, c, d, e and 3 more`. */
export const named = (names: ReadonlyArray<string>): string =>
  names.length <= NAMED
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
