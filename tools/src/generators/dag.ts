import type { GeneratorCallback, Tree } from "@nx/devkit";
import { generateLibrary, type Options } from "./library.ts";

/** `nx g @candlewick/tools:dag my-job` */
const dag = (tree: Tree, options: Options): GeneratorCallback =>
  generateLibrary(tree, "dag", options, {}, ({ id }, folder) => [
    `${folder} is a DAG that works: it keeps the highest and the lowest price of some instruments.`,
    "",
    `  nx run dag-${id}:test                                     the contract of DAGs`,
    `  nx run runner:execute --dag=${id} --symbols=NSE:INFY      a run of it`,
    "",
    `Now make it yours: ${folder}/README.md says what is written where, docs/plugins.md how.`,
  ]);

export default dag;
