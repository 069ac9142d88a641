import { type Plugin, type PluginError } from "@candlewick/core";
import { Effect, Redacted, Result, type Scope } from "effect";
import { join } from "node:path";
import { type Address, parse, sandboxOf, withDatabase } from "./connection/address.ts";
import { awaiting, Connection, type ConnectionOptions } from "./connection/Connection.ts";
import { type DatabaseError, during, pluginError } from "./DatabaseError.ts";
import { EmbeddedPostgres } from "./embedded/index.ts";
import { identifier, literal } from "./sql/quote.ts";

/** A database that exists, and how people find it. */
export interface Database {
  readonly address: Address;
  readonly location: string;
}

/** Name of the embedded server's database for real data; invented data has one of its own. */
const NAME = "candlewick";

/** The server of the project's own, started when nobody uses it yet, for as long as the scope lives. */
export const embedded = (
  context: Plugin.SinkContext,
): Effect.Effect<Database, PluginError.PluginError, Scope.Scope> =>
  EmbeddedPostgres.make({
    directory: join(context.directory, "postgres"),
    database: context.data === "sandbox" ? sandboxOf(NAME) : NAME,
  }).pipe(
    Effect.mapError((error) =>
      pluginError(
        "start the embedded PostgreSQL",
        error.reason === "capacity" ? "capacity" : "connection",
        error.message,
      )
    ),
    Effect.map(({ url, displayUrl }) => ({
      address: Result.getOrThrow(parse(Redacted.value(url))),
      location: `embedded PostgreSQL, psql "${displayUrl}"`,
    })),
  );

/** The database that a connection string names, or, for invented data, the one beside it, created when missing. */
export const external = (
  url: Redacted.Redacted<string>,
  context: Plugin.SinkContext,
  options: ConnectionOptions,
): Effect.Effect<Pick<Database, "address">, PluginError.PluginError> =>
  Effect.gen(function* () {
    const parsed = parse(Redacted.value(url));
    if (Result.isFailure(parsed)) {
      return yield* pluginError(
        "read DATABASE_URL",
        "schema",
        `the connection string is not usable: ${parsed.failure}`,
      );
    }
    const address = parsed.success;
    if (context.data === "real") return { address };
    const name = sandboxOf(address.database);
    yield* ensureDatabase(address, name, options);
    return { address: withDatabase(address, name) };
  });

/** Two runs may create it at the same time. */
const ALREADY_THERE = ["42P04", "23505"];

const ensureDatabase = (address: Address, name: string, options: ConnectionOptions) =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* Connection.open(address, options);
    const { rows } = yield* awaiting(
      connection,
      () => connection.query(`select 1 from pg_database where datname = ${literal(name)}`),
    );
    if (rows.length > 0) return;
    yield* awaiting(
      connection,
      () => connection.query(`create database ${identifier(name)} template template0 encoding 'UTF8'`),
    ).pipe(
      Effect.catchIf((error: DatabaseError) => ALREADY_THERE.includes(error.code), () => Effect.void),
    );
  })).pipe(Effect.mapError((error) => {
    const operation = `open the database ${name} for invented data`;
    return error.code === "42501"
      ? pluginError(
        operation,
        "schema",
        `this user may not create databases: create ${name} yourself (create database ${
          identifier(name)
        }), ` +
          "or set the source's credentials to fetch real data",
      )
      : during(operation)(error);
  }));
