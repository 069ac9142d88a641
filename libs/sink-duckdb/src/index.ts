/** DuckDB as a store for any dataset. */
export * as DuckdbSink from "./DuckdbSink.ts";
export { default as plugin } from "./plugin.ts";
