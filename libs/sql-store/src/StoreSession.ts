import type { PluginError } from "@candlewick/core";
import { Effect, Semaphore } from "effect";
import type { Errors, StoreFailure } from "./errors.ts";

/** One transaction on one connection, whose statements run one after the other whoever sends them. */
export abstract class StoreSession<Connection, E extends StoreFailure> {
  readonly #connection: Connection;
  readonly #errors: Errors;
  readonly #turns = Semaphore.makeUnsafe(1);
  #failure: PluginError.PluginError | undefined;
  #ended = false;

  constructor(connection: Connection, errors: Errors) {
    this.#connection = connection;
    this.#errors = errors;
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
    body: (connection: Connection) => Effect.Effect<A, E>,
  ): Effect.Effect<A, PluginError.PluginError> {
    return this.#turns.withPermit(Effect.suspend(() => {
      if (this.#failure !== undefined) return Effect.fail(this.#failure);
      return this.#ended
        ? Effect.fail(
          this.#errors.pluginError(operation, "schema", "the transaction it belongs to has ended"),
        )
        : Effect.mapError(body(this.#connection), this.#errors.during(operation));
    }));
  }

  /** Ends the transaction once nobody uses it; nobody can from then on. */
  protected end<A, F>(body: (connection: Connection) => Effect.Effect<A, F>): Effect.Effect<A, F> {
    return this.#turns.withPermit(Effect.suspend(() => {
      this.#ended = true;
      return body(this.#connection);
    }));
  }

  abstract commit(): Effect.Effect<void, E>;

  abstract rollback(): Effect.Effect<void>;
}
