import { type Plugin, PluginError } from "@candlewick/core";
import { identifier } from "@candlewick/sql-store";
import { Effect, Redacted, Result, type Scope } from "effect";
import { type Address, display, parse, sandboxOf, withDatabase } from "./connection/address.ts";
import { awaiting, Connection, type ConnectionOptions } from "./connection/Connection.ts";
import { during, PLUGIN, pluginError } from "./DatabaseError.ts";
import { EmbeddedPostgres } from "./embedded/index.ts";

/** The database that a run writes to. */
export interface Database {
  readonly address: Address;
  /** For people, without a secret. */
  readonly location: string;
}

const NO_SUCH_DATABASE = "3D000";
const DUPLICATE_DATABASE = "42P04";
const UNIQUE_VIOLATION = "23505";
const NOT_PERMITTED = "42501";

const EMBEDDED = { real: "candlewick", sandbox: "candlewick_sandbox" } as const;

/** The server of the project's own, started when nobody else has. */
const embedded = Effect.fnUntraced(function* (
  context: Plugin.SinkContext,
): Effect.fn.Return<Database, PluginError.PluginError, Scope.Scope> {
  const server = yield* EmbeddedPostgres.make({
    directory: `${context.directory}/postgres`,
    database: EMBEDDED[context.data],
  }).pipe(Effect.mapError((error) =>
    pluginError(
      "start the embedded PostgreSQL",
      error.reason === "capacity" ? "capacity" : "connection",
      error.message,
    )
  ));
  const address = Result.getOrThrow(parse(Redacted.value(server.url)));
  return { address, location: `embedded PostgreSQL, psql "${server.displayUrl}"` };
});

/** Creates a database beside the one that is there, where it is missing. */
const ensureDatabase = Effect.fnUntraced(function* (
  address: Address,
  database: string,
  options: ConnectionOptions,
): Effect.fn.Return<void, PluginError.PluginError> {
  const operation = `open the database ${database} for invented data`;
  const isThere = yield* Effect.scoped(Connection.open(withDatabase(address, database), options)).pipe(
    Effect.as(true),
    Effect.catchIf(({ code }) => code === NO_SUCH_DATABASE, () => Effect.succeed(false)),
    Effect.mapError(during(operation)),
  );
  if (isThere) return;
  const create = `create database ${identifier(database)} encoding 'UTF8' template template0`;
  yield* Effect.scoped(Effect.flatMap(
    Connection.open(address, options),
    (connection) => awaiting(connection, () => connection.query(create)),
  )).pipe(
    // Another run was faster.
    Effect.catchIf(({ code }) => code === DUPLICATE_DATABASE || code === UNIQUE_VIOLATION, () => Effect.void),
    Effect.mapError((error) =>
      error.code === NOT_PERMITTED
        ? pluginError(
          operation,
          "schema",
          `it is not there, and the user may not create it: have it created (${create}), or allow the user to ` +
            `(alter role ... createdb), or give the source its credentials for real data`,
        )
        : during(operation)(error)
    ),
  );
});

/**
 * Finds the database: the one of the connection string, or the embedded server's. Invented data goes to a
 * database of its own, named `..._sandbox`, which real data never enters.
 */
export const open = Effect.fnUntraced(function* (
  url: Redacted.Redacted<string> | undefined,
  context: Plugin.SinkContext,
  options: ConnectionOptions,
): Effect.fn.Return<Database, PluginError.PluginError, Scope.Scope> {
  if (url === undefined) return yield* embedded(context);
  const parsed = parse(Redacted.value(url));
  if (Result.isFailure(parsed)) {
    return yield* new PluginError.PluginError({
      plugin: PLUGIN,
      operation: "read DATABASE_URL",
      reason: new PluginError.Invalid({ message: parsed.failure }),
    });
  }
  const address = parsed.success;
  const sandbox = sandboxOf(address.database);
  if (context.data === "real") {
    if (sandbox === address.database) {
      return yield* pluginError(
        "open the database",
        "connection",
        `${address.database} is for invented data; name another database in DATABASE_URL`,
      );
    }
    return { address, location: `PostgreSQL, ${display(address)}` };
  }
  yield* ensureDatabase(address, sandbox, options);
  const beside = withDatabase(address, sandbox);
  return { address: beside, location: `PostgreSQL, ${display(beside)}` };
});
