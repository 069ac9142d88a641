export { derivations, strikeDistribution, tokens } from "./datasets.ts";
export { parameters } from "./parameters.ts";
export { default as plugin } from "./plugin.ts";
