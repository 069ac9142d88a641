/** PostgreSQL as a store for any dataset, and its upkeep. */
export * as PostgresKeeper from "./PostgresKeeper.ts";
export * as PostgresSink from "./PostgresSink.ts";
export { default as plugin } from "./plugin.ts";
export { type Address, parse as parseAddress } from "./connection/address.ts";
