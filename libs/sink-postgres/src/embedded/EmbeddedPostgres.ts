import { Context, Effect, Layer, type Redacted, type Scope } from "effect";
import { displayUrlOf, ensureDatabase, urlOf } from "./connection.ts";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { layoutOf } from "./layout.ts";
import { join } from "./membership.ts";
import { durable } from "./settings.ts";

export interface EmbeddedPostgresOptions {
  /** Folder of the server, created when missing: `<project>/.candlewick/postgres`. Nothing else may lie in it. */
  readonly directory: string;
  /** Database to open, created when missing: lower-case letters, digits and `_`. */
  readonly database: string;
}

/**
 * A PostgreSQL server of the project's own. It runs while anything uses it: the first run starts it, others share
 * it, the last one stops it. It listens on 127.0.0.1 only, and asks for a random password.
 */
export class EmbeddedPostgres extends Context.Service<EmbeddedPostgres, {
  /** Connection string with the password, for programs. */
  readonly url: Redacted.Redacted<string>;
  /**
   * Connection string for people, as in `psql "<displayUrl>"`: in place of the password it names the file that
   * holds it. The port stays the same from run to run while it is free.
   */
  readonly displayUrl: string;
  readonly port: number;
  /** Absolute path of the folder. */
  readonly directory: string;
}>()("candlewick/sink-postgres/EmbeddedPostgres") {
  /** The server, for as long as the scope lives. */
  static readonly make = Effect.fn("EmbeddedPostgres.make")(function* (
    { directory, database }: EmbeddedPostgresOptions,
  ): Effect.fn.Return<EmbeddedPostgres["Service"], EmbeddedPostgresError, Scope.Scope> {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(database)) {
      return yield* failure(
        "database",
        `"${database}" is no name for a database`,
        "Use lower-case letters, digits and _",
      );
    }
    const layout = layoutOf(directory);
    const { cluster: { password }, port } = yield* join(
      layout,
      { durable: true, settings: durable },
      ({ cluster, port }) => ensureDatabase({ port, password: cluster.password }, database),
    );
    return {
      url: urlOf({ port, password }, database),
      displayUrl: displayUrlOf(port, database, layout),
      port,
      directory: layout.root,
    };
  });

  static readonly layer = (
    options: EmbeddedPostgresOptions,
  ): Layer.Layer<EmbeddedPostgres, EmbeddedPostgresError> =>
    Layer.effect(EmbeddedPostgres, EmbeddedPostgres.make(options));
}
