import { type Database, tablesIn } from "./database.ts";

/**
 * A place in the store's work where the harness can hold the runner up for as long as it likes, so that kills fall
 * there whatever the machine is doing: before rows reach a table, inside the definition of tables, or inside
 * COMMIT, which then ends with nobody left to hear of it.
 */
export type Gate =
  | { readonly kind: "table"; readonly table: string }
  | { readonly kind: "definition" }
  /** In the COMMIT of transactions that wrote to a table. */
  | { readonly kind: "commit"; readonly table: string };

/** Advisory locks that the triggers wait for. */
const LOCKS = { definition: 7_001, commit: 7_002 };

const FUNCTIONS = `
  create schema crash;
  create function crash.wait_in_definition() returns event_trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared(${LOCKS.definition}); end $$;
  create function crash.wait_in_commit() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared(${LOCKS.commit}); return null; end $$;
  create event trigger crash_definition on ddl_command_end execute function crash.wait_in_definition();`;

/** Puts the gates into a database, open. */
export const install = ({ client }: Database): Promise<unknown> => client.unsafe(FUNCTIONS);

/** The gate of COMMIT on a table. */
const commitGate = (table: string): string => `
  do $$ begin
    if not exists (select from pg_trigger where tgname = 'crash_commit' and tgrelid = 'public.${table}'::regclass)
    then
      create constraint trigger crash_commit after insert or update or delete on public.${table}
        deferrable initially deferred for each row execute function crash.wait_in_commit();
    end if;
  end $$`;

/** Whether the table that a gate stands at has been created. */
export const isThere = async (database: Database, gate: Gate): Promise<boolean> =>
  gate.kind === "definition" || (await tablesIn(database, "public")).has(gate.table);

/** Closes a gate that is there; what is returned opens it. */
export const close = async (database: Database, gate: Gate): Promise<() => Promise<void>> => {
  const connection = await database.client.reserve();
  if (gate.kind === "commit") await connection.unsafe(commitGate(gate.table));
  await connection.unsafe("begin");
  await connection.unsafe(
    gate.kind === "table"
      ? `lock table public.${gate.table} in exclusive mode`
      : `select pg_advisory_xact_lock(${LOCKS[gate.kind]})`,
  );
  return async () => {
    await connection.unsafe("rollback");
    connection.release();
  };
};
