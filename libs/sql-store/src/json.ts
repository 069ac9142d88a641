/** Escapes of NUL and of lone surrogates, which stores refuse in JSON; after an even number of backslashes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** JSON text of a value, or `undefined` for what JSON or a store cannot hold. */
export const jsonText = (
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
): string | undefined => {
  try {
    const text = JSON.stringify(value, replacer);
    return text?.includes("\\u") && UNSTORABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};
