export { parameters } from "./parameters.ts";
export { default as plugin } from "./plugin.ts";
