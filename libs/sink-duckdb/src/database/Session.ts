import { StoreSession } from "@candlewick/sql-store";
import { Effect } from "effect";
import { type DatabaseError, during, pluginError } from "../DatabaseError.ts";
import type { Connection } from "./Connection.ts";

/** How DuckDB says that the log could not be taken into the file, which it tries now and then after a commit. */
const DURABLE = /commit succeeded and is durable/i;

/** A transaction, with the temporary tables of its own. */
export class Session extends StoreSession<Connection, DatabaseError> {
  #numbers = 0;
  #discarded: Array<string> = [];

  constructor(connection: Connection) {
    super(connection, { during, pluginError });
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

  /** What fails only after the commit is for the next transaction to meet: this one is stored. */
  commit(): Effect.Effect<void, DatabaseError> {
    return Effect.catchIf(
      this.end((connection) => connection.run("commit")),
      ({ message }) => DURABLE.test(message),
      () => Effect.void,
    );
  }

  /** What cannot be rolled back by a statement is rolled back by the end of the connection. */
  rollback(): Effect.Effect<void> {
    return Effect.ignore(this.end((connection) => connection.run("rollback")));
  }
}
