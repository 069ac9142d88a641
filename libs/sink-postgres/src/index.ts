/** PostgreSQL as a store for any dataset. */
export * as PostgresSink from "./PostgresSink.ts";
