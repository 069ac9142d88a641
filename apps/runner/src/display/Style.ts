const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Look = keyof typeof CODES;

/** Puts a look on a text; on a terminal without colours, or in a pipe, the text stays plain. */
export type Paint = (look: Look, text: string) => string;

export const coloured: Paint = (look, text) => `\x1b[${CODES[look]}m${text}\x1b[0m`;
export const plain: Paint = (_, text) => text;
