import { Effect } from "effect";
import { awaiting, type Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";

/*
 * One lock for the store as a whole (advisory, of PostgreSQL). Runs share it for as long as they hold a lock of their
 * own, as do those who read all of the store; who restores or empties it has it alone.
 */

/** Another seed than those of other locks. */
const KEY = "hashtextextended('candlewick upkeep', 2)";

/** Shares the lock for the session, if nobody has it alone. */
export const shareUpkeep = `pg_try_advisory_lock_shared(${KEY})`;

/** Has it alone to the end of the transaction, if nobody else has it. */
const aloneInTransaction = `pg_try_advisory_xact_lock(${KEY})`;

const holders = `
  select string_agg(distinct nullif(application_name, ''), ', ') from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and granted and objsubid = 1 and pid <> pg_backend_pid()
    and (classid::bigint << 32) | objid::bigint = ${KEY}`;

const take = (statement: string) =>
  Effect.fnUntraced(function* (connection: Connection): Effect.fn.Return<void, DatabaseError> {
    const { rows } = yield* awaiting(connection, () => connection.query(`select ${statement}`));
    if (rows[0]![0] === "t") return;
    const who = (yield* awaiting(connection, () => connection.query(holders))).rows[0]?.[0];
    return yield* failure("conflict", `${who ?? "another program"} is at work on the store`);
  });

/** For the session: keeps everyone from restoring or emptying the store. Fails as `conflict` when someone does. */
export const sharing = take(shareUpkeep);

/** For the transaction: keeps runs, and all other upkeep, away. Fails as `conflict` while there are any. */
export const alone = take(aloneInTransaction);
