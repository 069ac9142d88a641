import type { Keeper } from "@candlewick/core";
import { REGISTRY } from "@candlewick/sql-store";
import { basename } from "node:path";
import type { ReadTable } from "./read.ts";
import type { Rows } from "./rebuild.ts";

/** What a database was rebuilt from. */
export type Origin =
  /** The damaged file itself: every row of it could be read. */
  | { readonly from: "itself"; readonly rows: Rows }
  /** The file without its log: as it was when DuckDB last wrote its log into it. */
  | { readonly from: "file"; readonly rows: Rows }
  | { readonly from: "backup"; readonly backup: Keeper.Backup; readonly rows: Rows }
  /** Nothing: it begins empty. */
  | { readonly from: "nothing" };

export interface Recovery {
  readonly path: string;
  /** The damaged file's new path. */
  readonly aside: string;
  readonly origin: Origin;
  /** Backups, newer than the one taken, that cannot be used, and why. */
  readonly unusable: ReadonlyArray<{ readonly name: string; readonly why: string }>;
  /** What of the damaged file could be read; `undefined` when it cannot be opened, or was not looked into. */
  readonly readable: ReadonlyArray<ReadTable> | undefined;
}

const figures = new Intl.NumberFormat("en-US");

const rowsText = (count: number): string => `${figures.format(count)} ${count === 1 ? "row" : "rows"}`;

const tablesText = (rows: Rows): string => {
  const entries = Object.entries(rows).filter(([name, count]) => name !== REGISTRY && count > 0);
  return entries.length === 0
    ? "no tables"
    : entries.map(([name, count]) => `${name} ${rowsText(count)}`).join(", ");
};

const minute = (millis: number): string =>
  `${new Date(millis).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What is gone for good, as far as a run can bring back the rest. */
const wayOut =
  "--dag=historic fetches again what is missing, for it knows what it has; of the runs since then, and of records that " +
  "were rejected, nothing is known any more";

const originText = (origin: Origin): ReadonlyArray<string> => {
  switch (origin.from) {
    case "itself":
      return [`All rows could be read, and nothing is lost: ${tablesText(origin.rows)}`];
    case "file":
      return [
        `Its log (.wal) is what is damaged. The database is as it was before what the log held: ${
          tablesText(origin.rows)
        }. What was stored after that is lost`,
        wayOut,
      ];
    case "backup":
      return [
        `The database was rebuilt from the backup ${origin.backup.name}, made ${
          minute(origin.backup.madeAt)
        }: ${
          tablesText(origin.rows)
        }. What was stored after that is lost, and so are tables of your own in the file`,
        wayOut,
      ];
    case "nothing":
      return [
        "There is no backup to take its place, so the database begins empty, and all that was stored is lost",
        `${wayOut}. nx run runner:db -- backup makes a backup for the next time`,
      ];
  }
};

const readableText = ({ aside, origin, readable }: Recovery): ReadonlyArray<string> => {
  if (origin.from === "itself") return [];
  if (readable === undefined) return [`Nothing of ${basename(aside)} can be read by DuckDB`];
  if (readable.length === 0) return [];
  const tables = readable.map(({ error, name, rows }) =>
    rows === undefined ? `${name} cannot be read (${error})` : `${name} ${rowsText(rows)}`
  );
  return [`Of ${basename(aside)} can be read, with DuckDB and at your own risk: ${tables.join(", ")}`];
};

/** What a recovery did, in the words of a user: a sentence or two a line. */
export const reportOf = (recovery: Recovery): ReadonlyArray<string> => [
  `${recovery.path} was set aside as ${basename(recovery.aside)}, and stays there until you delete it`,
  ...recovery.unusable.map(({ name, why }) => `The backup ${name} cannot be used: ${why}`),
  ...originText(recovery.origin),
  ...readableText(recovery),
];
