import type { PluginError } from "@candlewick/core";
import { Effect, Semaphore } from "effect";
import { type DatabaseError, during, failure, type Fault, pluginError } from "../DatabaseError.ts";
import { literal } from "../sql/quote.ts";
import { awaiting, type Connection } from "./Connection.ts";
import type { Diagnosing } from "./diagnosis.ts";

/** One transaction on one connection, whose statements run one after the other whoever sends them. */
export class Session {
  readonly #connection: Connection;
  readonly #diagnosing: Diagnosing;
  readonly #turns = Semaphore.makeUnsafe(1);
  readonly #whenEnded: Array<(committed: boolean) => void> = [];
  #failure: PluginError.PluginError | undefined;
  #ended = false;

  constructor(connection: Connection, diagnosing: Diagnosing) {
    this.#connection = connection;
    this.#diagnosing = diagnosing;
    // Sent ahead of the first statement. Should it fail, so does whatever follows it on this connection.
    connection.query("begin").catch(() => undefined);
  }

  /** Why nothing of the transaction can be committed any more. */
  get failure(): PluginError.PluginError | undefined {
    return this.#failure;
  }

  /** From now on nothing of the transaction can be committed. */
  fail(error: PluginError.PluginError): void {
    this.#failure ??= error;
  }

  /** Uses the connection while nobody else does. */
  use<A>(
    operation: string,
    body: (connection: Connection) => Effect.Effect<A, DatabaseError>,
  ): Effect.Effect<A, PluginError.PluginError> {
    return this.#turns.withPermit(Effect.suspend(() => {
      if (this.#failure !== undefined) return Effect.fail(this.#failure);
      return this.#ended
        ? Effect.fail(pluginError(operation, "schema", "the transaction it belongs to has ended"))
        : Effect.mapError(
          this.#diagnosing(operation, this.#connection, body(this.#connection)),
          during(operation),
        );
    }));
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
    return this.#end(
      "commit",
      (command) =>
        command === "COMMIT" ? undefined : failure("conflict", "the server rolled the transaction back"),
    );
  }

  /** What cannot be rolled back by a message is rolled back by the end of the connection. */
  rollback(): Effect.Effect<void> {
    return Effect.catch(
      this.#end("rollback", () => undefined),
      () => Effect.sync(() => this.#connection.abandon()),
    );
  }

  #end(
    statement: "commit" | "rollback",
    fault: (command: string) => DatabaseError | undefined,
  ): Effect.Effect<void, DatabaseError> {
    return this.#turns.withPermit(Effect.suspend(() => {
      this.#ended = true;
      return Effect.flatMap(
        this.#diagnosing(
          statement,
          this.#connection,
          awaiting(this.#connection, () => this.#connection.query(statement)),
        ),
        ({ command }) => {
          const failed = fault(command);
          return failed === undefined ? Effect.void : Effect.fail(failed);
        },
      ).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            const committed = statement === "commit" && exit._tag === "Success";
            for (const listener of this.#whenEnded) listener(committed);
          })
        ),
      );
    }));
  }
}

/** The error of a transaction that went on after a part of it had failed. */
export const partFailed = (operation: string, failure: PluginError.PluginError): PluginError.PluginError => {
  const fault: Fault = failure.reason._tag === "Store" ? failure.reason.fault : "constraint";
  return pluginError(
    operation,
    fault,
    `nothing was committed, because a part of the transaction failed: ${failure.message}`,
  );
};
