import { Effect, type Scope } from "effect";
import { type DatabaseError, fromThrown } from "../DatabaseError.ts";
import { Connection } from "./Connection.ts";
import { native } from "./native.ts";

/** Nothing comes from the network, and nothing is loaded that did not come with this version of DuckDB. */
const SEALED = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };

/**
 * One connection to a database file that nobody else in this process has open, closed with the scope: a file of our
 * own on the way, a backup, a file that is looked into. Makes it where it is missing.
 */
export const openAlone = (
  path: string,
  settings: Readonly<Record<string, string>>,
): Effect.Effect<Connection, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const api = yield* native;
    const instance = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => api.DuckDBInstance.create(path, { ...SEALED, ...settings }),
        catch: fromThrown,
      }),
      (opened) => Effect.sync(() => opened.closeSync()),
    );
    const connection = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => instance.connect(), catch: fromThrown }),
      (connected) => Effect.sync(() => connected.disconnectSync()),
    );
    const opened = new Connection(api, connection);
    yield* opened.run("set TimeZone = 'UTC'");
    return opened;
  });
