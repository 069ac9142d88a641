import type { GeneratorCallback, Tree } from "@nx/devkit";
import { generateLibrary, type Options } from "./library.ts";

interface SourceOptions extends Options {
  readonly tokenType?: "text" | "int64";
}

/** What a token of each type looks like, as source text of a regular expression. */
const tokenPatterns = { text: String.raw`/^\S+$/`, int64: String.raw`/^[1-9]\d{0,14}$/` } as const;

/** `nx g @candlewick/tools:source my-broker` */
const source = (tree: Tree, { tokenType = "text", ...options }: SourceOptions): GeneratorCallback =>
  generateLibrary(
    tree,
    "source",
    options,
    { tokenType, tokenPattern: tokenPatterns[tokenType] },
    ({ id }, folder) => [
      `${folder} is a source that works, with a fake of its vendor.`,
      "",
      `  nx run source-${id}:test      the contract of sources, against the fake`,
      `  nx run source-${id}:fake      starts the fake, and says how to run against it`,
      "",
      `Now make it yours: ${folder}/README.md says what is written where, docs/plugins.md how.`,
    ],
  );

export default source;
