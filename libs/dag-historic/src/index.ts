export { default as plugin } from "./plugin.ts";
export { parameters } from "./parameters.ts";
