import { type Database, tablesIn } from "./database.ts";

/** Says when something was done or written, or is a number the store chose: no part of what was fetched. */
const BOOKKEEPING = new Set([
  ...["instrument_id", "fetched_at", "created_at", "last_updated", "rejected_at"],
  ...["valid_from", "valid_to", "failed_at", "detected_at", "revised_at"],
  // They name a series by its number; what they are about stands in the other columns.
  ...["record_key", "subject"],
]);

/** How runs went, one row each: killed ones included, so never the same. */
export const RUNS = "candlewick_runs";

const columnsOf = async ({ client }: Database, schema: string, table: string) => {
  const rows = await client.unsafe<{ readonly name: string }>(
    `select column_name as name from information_schema.columns
     where table_schema = $1 and table_name = $2 order by ordinal_position`,
    [schema, table],
  );
  return rows.map(({ name }) => name);
};

/** A table's rows as they can be compared between stores: listings by name, times of writing left out. */
const comparable = (
  schema: string,
  table: string,
  master: string,
  columns: ReadonlyArray<string>,
  interval: string | undefined,
): string => {
  const isListing = columns.includes("tradingsymbol");
  const own = columns.filter((name) => !BOOKKEEPING.has(name)).map((name) =>
    name === "delisted_at" ? "(delisted_at is not null) as delisted" : `own."${name}"`
  );
  const named = columns.includes("instrument_id") && !isListing;
  const listing = named ? ["listing.exchange", "listing.segment", "listing.tradingsymbol"] : [];
  const join = named ? ` join ${schema}.${master} listing using (instrument_id)` : "";
  const some = interval !== undefined && columns.includes("interval")
    ? ` where own.interval = '${interval}'`
    : "";
  return `select ${[...listing, ...own].join(", ")} from ${schema}.${table} own${join}${some}`;
};

/**
 * How the tables of one schema differ from those of another, row for row; empty when they do not. A table that is
 * not there has no rows. `tables` takes some of them, `interval` the series of one.
 */
export const differences = async (
  database: Database,
  found: string,
  wanted: string,
  only: { readonly tables?: ReadonlyArray<string>; readonly interval?: string } = {},
): Promise<ReadonlyArray<string>> => {
  const [there, expected] = [await tablesIn(database, found), await tablesIn(database, wanted)];
  const tables = only.tables ?? [...new Set([...there, ...expected])].filter((table) => table !== RUNS);
  const master = [...expected, ...there].find((table) => table.endsWith("_instrument_master")) ?? "";
  const result: Array<string> = [];
  for (const table of tables) {
    const [has, shall] = [there.has(table), expected.has(table)];
    if (!has && !shall) continue;
    const columns = await columnsOf(database, has ? found : wanted, table);
    const rowsOf = (schema: string) => comparable(schema, table, master, columns, only.interval);
    const rows = (schema: string, present: boolean) =>
      present ? rowsOf(schema) : `select * from (${rowsOf(has ? found : wanted)}) none where false`;
    const count = async (left: string, right: string) => {
      const [row] = await database.client.unsafe<{ readonly count: number }>(
        `select count(*)::int from ((${left}) except all (${right})) difference`,
      );
      return row!.count;
    };
    const surplus = await count(rows(found, has), rows(wanted, shall));
    const lacking = await count(rows(wanted, shall), rows(found, has));
    if (surplus > 0 || lacking > 0) result.push(`${table}: ${surplus} rows too many, ${lacking} missing`);
  }
  return result;
};
