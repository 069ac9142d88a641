const groups = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 });

/** `64,363`: whole numbers and decimals exactly, with separators. */
export const number = (value: number): string => groups.format(value);

/** `1 future`, `1,200 futures`, `2 series`. */
export const count = (n: number, what: string, many = `${what}s`): string =>
  `${number(n)} ${n === 1 ? what : many}`;

/** `a, b, c, d, e and 3 more`: in a note nobody reads more than a few. */
export const named = (names: ReadonlyArray<string>, most = 5): string =>
  names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most).join(", ")} and ${number(names.length - most)} more`;
