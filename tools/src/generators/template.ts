import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SUFFIX = ".template";

/** What stands for `{{name}}` in the path and the text of a template. */
export type Values = Readonly<Record<string, string>>;

/**
 * @throws Error that names what the template asks for and nobody gave.
 */
export const fill = (text: string, values: Values): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`template: there is no value for "${name}"`);
    return value;
  });

/** The templates of a folder and of those below it, by path from there without their suffix; both still to be filled. */
export function* templatesIn(folder: string, below = ""): Generator<readonly [path: string, text: string]> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* templatesIn(folder, path);
    else if (entry.name.endsWith(SUFFIX)) {
      yield [path.slice(0, -SUFFIX.length), readFileSync(join(folder, path), "utf8")];
    }
  }
}
