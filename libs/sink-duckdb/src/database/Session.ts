import type { PluginError } from "@candlewick/core";
import { Effect, Semaphore } from "effect";
import { type DatabaseError, during, type Fault, pluginError } from "../DatabaseError.ts";
import type { Connection } from "./Connection.ts";

/** How DuckDB says that the log could not be taken into the file, which it tries now and then after a commit. */
const DURABLE = /commit succeeded and is durable/i;

/** One transaction on one connection, whose statements run one after the other whoever sends them. */
export class Session {
  readonly #connection: Connection;
  readonly #turns = Semaphore.makeUnsafe(1);
  #failure: PluginError.PluginError | undefined;
  #ended = false;
  #numbers = 0;
  #discarded: Array<string> = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Why nothing of the transaction can be committed any more. */
  get failure(): PluginError.PluginError | undefined {
    return this.#failure;
  }

  /** From now on nothing of the transaction can be committed. */
  fail(error: PluginError.PluginError): void {
    this.#failure ??= error;
  }

  /**
   * A name for a temporary table that no other of this transaction has. Tables go with the transaction's connection;
   * `discarded` is dropped before, when another is made.
   */
  temporary(stem: "stage" | "given" | "selection"): string {
    return `candlewick_${stem}_${++this.#numbers}`;
  }

  /** The statement that drops what is discarded; empty for nothing. */
  takeDiscarded(): string {
    const statements = this.#discarded.map((table) => `drop table temp.${table};`).join(" ");
    this.#discarded = [];
    return statements;
  }

  discard(table: string): void {
    this.#discarded.push(table);
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
        : Effect.mapError(body(this.#connection), during(operation));
    }));
  }

  /** What fails only after the commit is for the next transaction to meet: this one is stored. */
  commit(): Effect.Effect<void, DatabaseError> {
    return Effect.catchIf(this.#end("commit"), ({ message }) => DURABLE.test(message), () => Effect.void);
  }

  /** What cannot be rolled back by a statement is rolled back by the end of the connection. */
  rollback(): Effect.Effect<void> {
    return Effect.ignore(this.#end("rollback"));
  }

  #end(statement: "commit" | "rollback"): Effect.Effect<void, DatabaseError> {
    return this.#turns.withPermit(Effect.suspend(() => {
      this.#ended = true;
      return this.#connection.run(statement);
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
