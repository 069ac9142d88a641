/** An embedded PostgreSQL server: created, started, shared, recovered and stopped as runs need it. */
export * from "./EmbeddedPostgres.ts";
export * from "./EmbeddedPostgresError.ts";
export { type Permissions, permissions } from "./permissions.ts";
