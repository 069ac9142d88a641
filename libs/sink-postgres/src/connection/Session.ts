import type { PluginError } from "@candlewick/core";
import { literal, StoreSession } from "@candlewick/sql-store";
import { Effect, Exit } from "effect";
import { type DatabaseError, during, failure, pluginError } from "../DatabaseError.ts";
import { type Answer, awaiting, type Connection } from "./Connection.ts";
import type { Diagnosing } from "./diagnosis.ts";

/** A transaction, whose statements say who holds what they wait for. */
export class Session extends StoreSession<Connection, DatabaseError> {
  readonly #diagnosing: Diagnosing;
  readonly #whenEnded: Array<(committed: boolean) => void> = [];

  constructor(connection: Connection, diagnosing: Diagnosing) {
    super(connection, { during, pluginError });
    this.#diagnosing = diagnosing;
    // Sent ahead of the first statement. Should it fail, so does whatever follows it on this connection.
    connection.query("begin").catch(() => undefined);
  }

  override use<A>(
    operation: string,
    body: (connection: Connection) => Effect.Effect<A, DatabaseError>,
  ): Effect.Effect<A, PluginError.PluginError> {
    return super.use(operation, (connection) => this.#diagnosing(operation, connection, body(connection)));
  }

  /** Waits for the lock of this name, for as long as it takes, and holds it to the end of the transaction. */
  lock(operation: string, name: string): Effect.Effect<void, PluginError.PluginError> {
    return this.use(operation, (connection) =>
      awaiting(connection, async () => {
        const limits = ["lock_timeout", "statement_timeout"];
        const before = connection.query(`select ${limits.map((limit) => `current_setting('${limit}')`)}`);
        const set = (values: ReadonlyArray<string>) =>
          `select ${limits.map((limit, i) => `set_config('${limit}', ${literal(values[i]!)}, true)`)}`;
        const lifted = connection.query(set(["0", "0"]));
        const held = connection.query(
          `select pg_advisory_xact_lock(hashtextextended(${literal(name)}, 0))`,
        );
        await Promise.all([before, lifted, held]);
        await connection.query(set((await before).rows[0] as ReadonlyArray<string>));
      }));
  }

  whenEnded(listener: (committed: boolean) => void): void {
    this.#whenEnded.push(listener);
  }

  commit(): Effect.Effect<void, DatabaseError> {
    return this.end((connection) =>
      Effect.flatMap(
        this.#send(connection, "commit"),
        ({ command }) =>
          command === "COMMIT"
            ? Effect.void
            : Effect.fail(failure("conflict", "the server rolled the transaction back")),
      ).pipe(Effect.onExit((exit) => this.#tell(Exit.isSuccess(exit))))
    );
  }

  /** What cannot be rolled back by a message is rolled back by the end of the connection. */
  rollback(): Effect.Effect<void> {
    return this.end((connection) =>
      this.#send(connection, "rollback").pipe(
        Effect.asVoid,
        Effect.ensuring(this.#tell(false)),
        Effect.catch(() => Effect.sync(() => connection.abandon())),
      )
    );
  }

  #send(connection: Connection, statement: "commit" | "rollback"): Effect.Effect<Answer, DatabaseError> {
    return this.#diagnosing(statement, connection, awaiting(connection, () => connection.query(statement)));
  }

  #tell(committed: boolean): Effect.Effect<void> {
    return Effect.sync(() => {
      for (const listener of this.#whenEnded) listener(committed);
    });
  }
}
