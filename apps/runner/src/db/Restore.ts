import { type Keeper, Text } from "@candlewick/core";
import { Clock, Effect } from "effect";
import { didYouMean } from "../config/Suggest.ts";
import { duration } from "../display/Format.ts";
import { alignedRows, type Cell } from "../display/Table.ts";
import { ExitCode, type Refusal, refuse } from "../Refusal.ts";
import { consent, declined } from "./Consent.ts";
import type { Report, Work } from "./Report.ts";
import { backupJson, backupText } from "./Words.ts";

/** How many backups are named where the wanted one is none of them. */
const NAMED = 10;

/** The backup of this name, or the newest. */
export const choose = (
  backups: ReadonlyArray<Keeper.Backup>,
  name: string | undefined,
): Effect.Effect<Keeper.Backup, Refusal> => {
  const [newest] = backups;
  if (newest === undefined) {
    return Effect.fail(refuse("there is no backup of this store: db backup makes one"));
  }
  if (name === undefined) return Effect.succeed(newest);
  const found = backups.find((backup) => backup.name === name);
  if (found !== undefined) return Effect.succeed(found);
  const names = backups.map((backup) => backup.name);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} older ones` : "";
  return Effect.fail(refuse(
    `there is no backup ${name} of this store${didYouMean(name, names)}`,
    `its backups: ${names.slice(0, NAMED).join(", ")}${more}`,
  ));
};

/** A table before and after a restore; null where it is not there. */
export interface Change {
  readonly table: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** What a restore does to each table, by name. */
export const changesOf = (
  { tables }: Pick<Keeper.StoreStatus, "tables">,
  backup: Pick<Keeper.Backup, "tables">,
): ReadonlyArray<Change> => {
  const before = new Map(tables.map(({ name, rows }) => [name, rows]));
  const after = new Map(Object.entries(backup.tables));
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((table) => ({
    table,
    before: before.get(table) ?? null,
    after: after.get(table) ?? null,
  }));
};

const cells = ({ after, before, table }: Change): ReadonlyArray<Cell> => [
  table,
  before ?? "-",
  after ?? "-",
  after === null ? "is removed" : before === null ? "is made" : "",
];

const QUESTION = "What was stored since then is lost. Replace all of it? [y/N]";

/** Makes all tables what they are in a backup, when the user wants that. */
export const restore = Effect.fnUntraced(function* (work: Work) {
  const { flags, opened, paint, store, tell } = work;
  const keeper = yield* store.keeper;
  opened(keeper);
  const backup = yield* choose(yield* keeper.backups, flags.name);
  const changes = changesOf(yield* store.whenFree(keeper.status), backup);
  const now = yield* Clock.currentTimeMillis;
  const { header, lines } = alignedRows(["table", "rows now", "rows then", ""], changes.map(cells));
  tell(
    `Backup: ${backupText(backup, store.info.timeZone, now)}`,
    "",
    `  ${paint("dim", header)}`,
    ...lines.map((line) => `  ${line}`),
    "",
  );
  if (!(yield* consent(work, QUESTION, ["y", "yes"]))) return declined;
  const began = yield* Clock.currentTimeMillis;
  yield* store.whenFree(keeper.restore(backup));
  const took = (yield* Clock.currentTimeMillis) - began;
  const rows = Object.values(backup.tables).reduce((sum, count) => sum + count, 0);
  const report: Report = {
    code: ExitCode.done,
    json: { done: true, backup: backupJson(backup), tables: changes, seconds: took / 1_000 },
    lines: [
      `Restored ${backup.name}: ${Text.count(rows, "row")}, each compared with the backup, in ${
        duration(took)
      }`,
    ],
  };
  return report;
});
