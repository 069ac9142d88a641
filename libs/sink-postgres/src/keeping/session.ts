import type { PluginError } from "@candlewick/core";
import { literal } from "@candlewick/sql-store";
import { Effect, Exit, type Scope } from "effect";
import type { Address } from "../connection/address.ts";
import { awaiting, Connection, type ConnectionOptions } from "../connection/Connection.ts";
import { makeDiagnosing } from "../connection/diagnosis.ts";
import { type DatabaseError, during, fromThrown } from "../DatabaseError.ts";

export const ask = (connection: Connection, statement: string) =>
  awaiting(connection, () => connection.query(statement));

/** The first row of an answer. */
export const askRow = (connection: Connection, statement: string) =>
  Effect.map(ask(connection, statement), ({ rows }) => rows[0] ?? []);

/**
 * As `awaiting`, for work that also uses files: an interruption gives the connection up, and waits until the work has
 * noticed.
 */
export const toItsEnd = <A>(
  connection: Connection,
  start: () => Promise<A>,
): Effect.Effect<A, DatabaseError> =>
  Effect.callback((resume) => {
    const work = start();
    work.then(
      (value) => resume(Effect.succeed(value)),
      (cause) => resume(Effect.fail(fromThrown(cause))),
    );
    return Effect.promise(async () => {
      connection.abandon();
      await work.catch(() => undefined);
    });
  });

/** Opens a connection on which statements take as long as they need, named for what it does. */
export const onConnection = (address: Address, options: ConnectionOptions) =>
<A>(
  operation: string,
  body: (connection: Connection) => Effect.Effect<A, DatabaseError, Scope.Scope>,
): Effect.Effect<A, PluginError.PluginError> =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* Connection.open(address, { ...options, statementTimeout: 0 });
    const name = literal(`candlewick: ${operation}`);
    yield* ask(connection, `select set_config('application_name', ${name}, false)`);
    return yield* makeDiagnosing(address, options)(operation, connection, Effect.scoped(body(connection)));
  })).pipe(Effect.mapError(during(operation)));

/** What a transaction sees and may do. */
export type Kind = "isolation level repeatable read, read only" | "isolation level read committed";

/** Commits what the body did, or nothing of it. */
export const transaction = <A, R>(
  connection: Connection,
  kind: Kind,
  body: Effect.Effect<A, DatabaseError, R>,
): Effect.Effect<A, DatabaseError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        restore(Effect.andThen(ask(connection, `begin transaction ${kind}`), body)),
      );
      if (Exit.isSuccess(exit)) {
        yield* ask(connection, "commit");
        return exit.value;
      }
      yield* Effect.catch(
        Effect.asVoid(ask(connection, "rollback")),
        () => Effect.sync(() => connection.abandon()),
      );
      return yield* exit;
    })
  );
