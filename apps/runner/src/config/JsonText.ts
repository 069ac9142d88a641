import { Result } from "effect";

const TOKEN =
  // deno-lint-ignore no-control-regex -- JSON allows none of them in a string
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

const VALUE = "a value";
const KEY = "a key in double quotes";

/** Where a text stops being JSON, as an offset, and what should stand there. */
const fault = (text: string): { readonly at: number; readonly expected: string } => {
  const open: Array<"{" | "["> = [];
  const close = () => open.at(-1) === "{" ? "}" : "]";
  const afterValue = () => open.length === 0 ? "nothing more" : `, or ${close()}`;
  let expected = VALUE;
  for (let at = 0;;) {
    TOKEN.lastIndex = at;
    const [whole = "", mark, string, plain] = TOKEN.exec(text) ?? [];
    const start = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
    const may = (...words: ReadonlyArray<string>) => words.some((word) => expected.includes(word));
    if (string !== undefined && may(KEY)) expected = ":";
    else if ((string ?? plain) !== undefined && may(VALUE)) expected = afterValue();
    else if ((mark === "{" || mark === "[") && may(VALUE)) {
      open.push(mark);
      expected = mark === "{" ? `${KEY} or }` : `${VALUE} or ]`;
    } else if (mark === ":" && expected === ":") expected = VALUE;
    else if (mark === "," && expected === `, or ${close()}`) expected = open.at(-1) === "{" ? KEY : VALUE;
    else if (mark === close() && expected.endsWith(` or ${close()}`)) {
      open.pop();
      expected = afterValue();
    } else return { at: start, expected };
    at += whole.length;
  }
};

/** Reads JSON. A failure says where and what was expected, and shows nothing of the text: secrets may stand in it. */
export const parseJsonText = (text: string): Result.Result<unknown, string> => {
  try {
    return Result.succeed(JSON.parse(text));
  } catch {
    const { at, expected } = fault(text);
    const lines = text.slice(0, at).split("\n");
    return Result.fail(`line ${lines.length}, column ${lines.at(-1)!.length + 1}: expected ${expected}`);
  }
};
