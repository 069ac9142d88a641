import { type PluginError, Retry, type Sink } from "@candlewick/core";
import { literal } from "@candlewick/sql-store";
import { Clock, Deferred, Effect, Exit, Scope } from "effect";
import { type DatabaseError, during, failure } from "../DatabaseError.ts";
import { shareUpkeep } from "../keeping/upkeepLock.ts";
import type { Address } from "./address.ts";
import { awaiting, Connection, type ConnectionOptions } from "./Connection.ts";

export interface LockOptions extends ConnectionOptions {
  /** How long a lock whose connection was cut is tried again while the server does not answer, milliseconds. */
  readonly lockPatience: number;
}

/** A connection that says nothing for so long is asked whether it is still there, milliseconds. */
const HEARTBEAT = 15_000;

/** Pauses between the tries to take a lock again, milliseconds. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

/**
 * The server may end sessions that are idle, and finds out late that a client's machine is gone: neither will do
 * for a lock. Settings that a version does not have are passed over.
 */
const settings = (name: string): string => {
  const values = {
    application_name: `candlewick: ${name}`.slice(0, 63),
    idle_session_timeout: "0",
    tcp_keepalives_idle: "30",
    tcp_keepalives_interval: "10",
    tcp_keepalives_count: "3",
  };
  const rows = Object.entries(values).map((pair) => `(${pair.map(literal).join(", ")})`).join(", ");
  return `select set_config(name, value, false) from pg_settings join (values ${rows}) given (name, value) using (name)`;
};

/** Another seed than that of a transaction's lock of this name. */
const keyOf = (name: string): string => `hashtextextended(${literal(name)}, 1)`;

/** A server process, also when another one gets its number later. */
interface Backend {
  readonly pid: string;
  readonly started: string;
}

interface Held {
  readonly connection: Connection;
  readonly backend: Backend;
  readonly scope: Scope.Closeable;
}

const ask = (connection: Connection, statement: string) =>
  awaiting(connection, () => connection.query(statement));

/** Nobody gets a lock while the store is restored or emptied. */
const isTaken = Effect.fnUntraced(function* (connection: Connection, name: string) {
  const { rows } = yield* ask(
    connection,
    `select case when ${shareUpkeep} then pg_try_advisory_lock(${keyOf(name)}) else false end`,
  );
  return rows[0]![0] === "t";
});

/** Ends the session that held the lock before, should the server not know yet that it is cut. */
const end = Effect.fnUntraced(function* (connection: Connection, { pid, started }: Backend) {
  const { rows } = yield* ask(
    connection,
    `select count(pg_terminate_backend(pid)) from pg_stat_activity where pid = ${pid} and backend_start = ${
      literal(started)
    }`,
  );
  return rows[0]![0] !== "0";
});

/** Opens a connection and takes the lock; `undefined`, and nothing open, when another holds it. */
const take = (
  address: Address,
  options: ConnectionOptions,
  name: string,
  before?: Backend,
): Effect.Effect<Held | undefined, DatabaseError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Scope.make(), (scope) =>
      restore(Effect.gen(function* () {
        const connection = yield* Scope.provide(Connection.open(address, options), scope);
        yield* ask(connection, settings(name));
        let taken = yield* isTaken(connection, name);
        if (!taken && before !== undefined) {
          const ended = yield* end(connection, before);
          if (ended) {
            return yield* failure("connection", "the server is still ending the session that held it");
          }
          // It may have ended between the two questions.
          taken = yield* isTaken(connection, name);
        }
        if (!taken) return undefined;
        const { rows } = yield* ask(
          connection,
          "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()",
        );
        return { connection, scope, backend: { pid: rows[0]![0]!, started: rows[0]![1]! } };
      })).pipe(
        Effect.onExit((exit) =>
          Exit.isSuccess(exit) && exit.value !== undefined ? Effect.void : Scope.close(scope, exit)
        ),
      ))
  );

/** Ends when the connection is cut. A network that swallows everything cuts it, too. */
const cut = (connection: Connection, timeout: number): Effect.Effect<void> =>
  Effect.raceFirst(
    Effect.promise(() => connection.ended),
    ask(connection, "select 1").pipe(
      Effect.timeout(timeout),
      Effect.delay(HEARTBEAT),
      Effect.forever,
      Effect.catch(() => Effect.sync(() => connection.abandon())),
    ),
  );

/**
 * Session locks of PostgreSQL (advisory), each on a connection of its own, which is none of the pool's. One whose
 * connection is cut is taken again on another, at once or as soon as the server answers.
 */
export const makeTryLock = (
  address: Address,
  options: LockOptions,
  policy: Retry.RetryPolicy,
): Sink.Sink["Service"]["tryLock"] => {
  const takeAgain = Effect.fnUntraced(function* (name: string, before: Backend) {
    const began = yield* Clock.currentTimeMillis;
    const go = (pause: number): Effect.Effect<Held, DatabaseError> =>
      take(address, options, name, before).pipe(
        Effect.flatMap((held) =>
          held === undefined
            ? Effect.fail(failure("conflict", "its connection was cut, and another run has taken it since"))
            : Effect.succeed(held)
        ),
        Effect.catchIf(({ fault }) => fault === "connection", (error) =>
          Effect.gen(function* () {
            const elapsed = (yield* Clock.currentTimeMillis) - began;
            if (elapsed >= options.lockPatience) {
              return yield* failure(
                "connection",
                `its connection was cut, and it could not be taken again for ${
                  Math.round(elapsed / 1_000)
                } s: ${error.message}`,
              );
            }
            yield* Effect.sleep(pause);
            return yield* go(Math.min(2 * pause, LONGEST_PAUSE));
          })),
      );
    return yield* go(FIRST_PAUSE);
  });

  return Effect.fnUntraced(function* (name) {
    const operation = `lock "${name}"`;
    const fail = during(operation);
    let held: Held | undefined;
    const release = Effect.suspend(() => {
      if (held === undefined) return Effect.void;
      const { connection, scope } = held;
      // Unlocked before the connection is closed, for nobody hears when the server has done with that.
      return ask(connection, "select pg_advisory_unlock_all()").pipe(
        Effect.timeout(options.connectTimeout),
        Effect.ignore,
        Effect.andThen(Scope.close(scope, Exit.void)),
      );
    });
    const first = yield* Effect.acquireRelease(
      Effect.map(
        Retry.retrying(policy)(Effect.mapError(take(address, options, name), fail)),
        (taken) => held = taken,
      ),
      () => release,
      { interruptible: true },
    );
    if (first === undefined) return undefined;
    const lost = yield* Deferred.make<never, PluginError.PluginError>();
    const keep = (now: Held): Effect.Effect<never, DatabaseError> =>
      Effect.gen(function* () {
        yield* cut(now.connection, options.connectTimeout);
        held = undefined;
        yield* Scope.close(now.scope, Exit.void);
        const next = yield* Effect.uninterruptibleMask((restore) =>
          Effect.map(restore(takeAgain(name, now.backend)), (taken) => held = taken)
        );
        yield* Effect.logDebug(`${operation}: its connection was cut; it is held again, on another`);
        return yield* keep(next);
      });
    yield* Effect.forkScoped(Effect.catch(keep(first), (error) => Deferred.fail(lost, fail(error))));
    return { lost: Deferred.await(lost) };
  });
};
