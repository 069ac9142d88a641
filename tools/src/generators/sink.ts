import type { GeneratorCallback, Tree } from "@nx/devkit";
import { generateLibrary, type Options } from "./library.ts";

/** `nx g @candlewick/tools:sink my-store` */
const sink = (tree: Tree, options: Options): GeneratorCallback =>
  generateLibrary(tree, "sink", options, {}, ({ id }, folder) => [
    `${folder} is a sink that works: it keeps its data in one file.`,
    "",
    `  nx run sink-${id}:test                                  the contract of sinks`,
    `  nx run runner:execute --dag=instruments --sink=${id}    a run into it`,
    "",
    `Now make it yours: ${folder}/README.md says what is written where, docs/plugins.md how.`,
  ]);

export default sink;
