import { Effect, Exit, Pool, Scope } from "effect";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import type { Address } from "./address.ts";
import { Connection, type ConnectionOptions } from "./Connection.ts";

/** Idle connections are closed after this time. */
const IDLE = "60 seconds";

/** Connections on loan. */
export interface Connections {
  /** A live connection for as long as the scope lives; one that was closed meanwhile does not come back. */
  readonly borrow: Effect.Effect<Connection, DatabaseError, Scope.Scope>;
}

export const make = Effect.fnUntraced(function* (
  address: Address,
  options: ConnectionOptions & { readonly size: number },
): Effect.fn.Return<Connections, never, Scope.Scope> {
  const pool = yield* Pool.makeWithTTL({
    acquire: Connection.open(address, options),
    min: 0,
    max: options.size,
    timeToLive: IDLE,
  });
  // The server closes idle connections too, all of them when it restarts: those are passed over.
  const borrow = Effect.fnUntraced(function* () {
    const scope = yield* Effect.scope;
    for (let i = 0; i <= options.size; i++) {
      const lease = yield* Scope.fork(scope);
      const connection = yield* Scope.provide(Pool.get(pool), lease);
      if (!connection.isClosed) {
        yield* Scope.addFinalizer(
          lease,
          Effect.suspend(() => connection.isClosed ? Pool.invalidate(pool, connection) : Effect.void),
        );
        return connection;
      }
      yield* Pool.invalidate(pool, connection);
      yield* Scope.close(lease, Exit.void);
    }
    return yield* failure("connection", "the server closes every connection at once");
  });
  return { borrow: borrow() };
});
