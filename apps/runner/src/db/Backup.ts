import { Text } from "@candlewick/core";
import { Clock, Effect } from "effect";
import { duration, sizeText } from "../display/Format.ts";
import { ExitCode } from "../Refusal.ts";
import type { Report, Work } from "./Report.ts";
import { backupJson } from "./Words.ts";

/** Saves all tables. */
export const backup = Effect.fnUntraced(function* ({ opened, store }: Work) {
  const keeper = yield* store.keeper;
  opened(keeper);
  const began = yield* Clock.currentTimeMillis;
  const made = yield* store.whenFree(keeper.backup);
  const took = (yield* Clock.currentTimeMillis) - began;
  const counts = Object.values(made.tables);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const report: Report = {
    code: ExitCode.done,
    json: { backup: backupJson(made), seconds: took / 1_000 },
    lines: [
      `Backup ${made.name}: ${Text.count(counts.length, "table")}, ${Text.count(rows, "row")}, ${
        sizeText(made.bytes)
      }, in ${duration(took)}`,
      `  ${made.path}`,
    ],
  };
  return report;
});
