import { Text } from "@candlewick/core";
import { Clock, Effect } from "effect";
import { didYouMean } from "../config/Suggest.ts";
import { duration, wrap } from "../display/Format.ts";
import { alignedRows } from "../display/Table.ts";
import { ExitCode, refuse } from "../Refusal.ts";
import { consent, declined } from "./Consent.ts";
import { type Emptied, withDependents } from "./Dependents.ts";
import type { Report, Work } from "./Report.ts";
import { backupText } from "./Words.ts";

const WIDTH = 110;

/** Why tables that nobody named must go, too. */
const reasons = (emptied: ReadonlyArray<Emptied>): ReadonlyArray<string> => {
  const by = Map.groupBy(emptied.filter(({ because }) => because !== undefined), ({ because }) => because!);
  return [...by].flatMap(([because, them]) =>
    wrap(`${them.map(({ table }) => table).join(", ")}: ${because}.`, WIDTH)
  );
};

/** Empties tables, and those that would be wrong then, when the user wants that. */
export const truncate = Effect.fnUntraced(function* (work: Work) {
  const { flags, opened, paint, store, tell } = work;
  const keeper = yield* store.keeper;
  opened(keeper);
  const { tables } = yield* store.whenFree(keeper.status);
  const present = tables.map(({ name }) => name);
  const unknown = flags.tables.filter((name) => !present.includes(name));
  if (unknown.length > 0) {
    const known = present.length === 0 ? "it has none" : `it has ${present.join(", ")}`;
    return yield* refuse(
      ...unknown.map((name) => `the store has no table ${name}${didYouMean(name, present) || `; ${known}`}`),
    );
  }
  const emptied = withDependents(flags.tables.length === 0 ? present : flags.tables, present);
  const rowsOf = new Map(tables.map(({ name, rows }) => [name, rows]));
  const rows = emptied.reduce((sum, { table }) => sum + rowsOf.get(table)!, 0);
  if (rows === 0) {
    const nothing: Report = {
      code: ExitCode.done,
      json: { done: false, removed: {}, seconds: 0 },
      lines: [present.length === 0 ? "The store has no tables." : "They are empty already."],
    };
    return nothing;
  }
  const [newest] = yield* keeper.backups;
  const now = yield* Clock.currentTimeMillis;
  const { header, lines } = alignedRows(
    ["table", "rows", ""],
    emptied.map((
      { because, table },
    ) => [table, rowsOf.get(table)!, because === undefined ? "" : "too"]),
  );
  tell(
    "",
    `  ${paint("dim", header)}`,
    ...lines.map((line) => `  ${line}`),
    "",
    ...reasons(emptied),
    newest === undefined
      ? "There is no backup of this store; nx run runner:db -- backup makes one."
      : `The newest backup: ${backupText(newest, store.info.timeZone, now)}`,
  );
  const question = `Type yes to remove ${Text.count(rows, "row")} from ${
    Text.count(emptied.length, "table")
  }:`;
  if (!(yield* consent(work, question, ["yes"]))) return declined;
  const began = yield* Clock.currentTimeMillis;
  const removed = yield* store.whenFree(keeper.truncate(emptied.map(({ table }) => table)));
  const took = (yield* Clock.currentTimeMillis) - began;
  const count = Object.values(removed).reduce((sum, one) => sum + one, 0);
  const report: Report = {
    code: ExitCode.done,
    json: { done: true, removed, seconds: took / 1_000 },
    lines: [
      `Removed ${Text.number(count)} rows from ${Text.count(emptied.length, "table")}, in ${duration(took)}`,
    ],
  };
  return report;
});
