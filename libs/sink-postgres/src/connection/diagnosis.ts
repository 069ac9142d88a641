import { Effect, type Fiber } from "effect";
import { type DatabaseError, withMeaning } from "../DatabaseError.ts";
import type { Address } from "./address.ts";
import { awaiting, Connection, type ConnectionOptions } from "./Connection.ts";

/** A statement that takes longer is looked at, milliseconds: perhaps it waits for a lock. */
const LOOK_AFTER = 2_000;

const DISK_FULL = "53100";
/** `lock_not_available`, and `query_canceled` for a statement that took too long. */
const OVERDUE = ["55P03", "57014"];

/** What a server process waits for, and who holds it: https://www.postgresql.org/docs/18/functions-info.html */
const blockerOf = (pid: number): string => `
  select
    (select case locktype when 'advisory' then 'it' else coalesce(relation::regclass::text, 'a row') end
      from pg_locks where pid = ${pid} and not granted limit 1),
    application_name, pid, usename, state, round(extract(epoch from clock_timestamp() - xact_start))
  from pg_stat_activity where pid = any (pg_blocking_pids(${pid})) order by xact_start limit 1`;

/** `kite_ohlcv is locked by "psql" (process 4711, user ann, idle in transaction, 185 s)`. */
const inWords = (row: ReadonlyArray<string | null>): string => {
  const [object, application, pid, user, state, seconds] = row;
  const about = [`process ${pid}`, ...(user ? [`user ${user}`] : []), ...(state ? [state] : [])];
  const name = application ? `"${application}"` : "a program";
  return `${object ?? "it"} is locked by ${name} (${about.join(", ")}${seconds ? `, ${seconds} s` : ""})`;
};

/** Where the full disk is, from the file that could not grow. */
const tablespaceOf = (error: DatabaseError): string | undefined => {
  const oid = /pg_tblspc\/(\d+)\//.exec(error.message)?.[1];
  return oid === undefined
    ? undefined
    : `select spcname, pg_tablespace_location(oid) from pg_tablespace where oid = ${oid}`;
};

/** Runs a statement so that its failure says what only the server can tell, by a connection of its own. */
export type Diagnosing = <A>(
  operation: string,
  connection: Connection,
  self: Effect.Effect<A, DatabaseError>,
) => Effect.Effect<A, DatabaseError>;

export const makeDiagnosing = (address: Address, options: ConnectionOptions): Diagnosing => {
  const { lockTimeout } = options;
  const lookAfter = lockTimeout === 0 ? LOOK_AFTER : Math.min(LOOK_AFTER, lockTimeout / 2);

  /** The first row, if the server gives one. */
  const ask = (statement: string) =>
    Effect.scoped(Effect.flatMap(
      Connection.open(address, options),
      (connection) => awaiting(connection, () => connection.query(statement)),
    )).pipe(Effect.map(({ rows }) => rows[0]), Effect.orElseSucceed(() => undefined));

  const diskFull = Effect.fnUntraced(function* (error: DatabaseError) {
    const statement = tablespaceOf(error);
    const row = statement === undefined ? undefined : yield* ask(statement);
    const where = row === undefined ? "" : ` (tablespace ${row[0]}, ${row[1]})`;
    return withMeaning(error, error.fault, `the database server's disk is full${where}: ${error.message}`);
  });

  return (operation, connection, self) =>
    Effect.flatMap(Effect.context<never>(), (context) =>
      Effect.suspend(() => {
        let blocker: string | undefined;
        let looking: Fiber.Fiber<void> | undefined;
        const look = Effect.suspend(() =>
          connection.pid === undefined ? Effect.succeed(undefined) : ask(blockerOf(connection.pid))
        ).pipe(
          Effect.flatMap((row) => {
            if (row === undefined) return Effect.void;
            blocker = inWords(row);
            return Effect.logWarning(`${operation} waits: ${blocker}`);
          }),
        );
        // A timer and no fiber: statements are many, and few of them wait.
        const timer = setTimeout(() => looking = Effect.runForkWith(context)(look), lookAfter);
        return self.pipe(
          Effect.catch((error) => {
            if (error.code === DISK_FULL) return Effect.flatMap(diskFull(error), Effect.fail);
            return Effect.fail(
              blocker !== undefined && OVERDUE.includes(error.code)
                ? withMeaning(error, error.fault, `${error.message}: ${blocker}`)
                : error,
            );
          }),
          Effect.ensuring(Effect.sync(() => {
            clearTimeout(timer);
            looking?.interruptUnsafe();
          })),
        );
      }));
};
