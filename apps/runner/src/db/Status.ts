import { type Keeper, MarketTime, type PluginError, type RunRow, runs, Text } from "@candlewick/core";
import { Clock, Effect, Stream } from "effect";
import { sizeText } from "../display/Format.ts";
import { table } from "../display/Summary.ts";
import { ExitCode, type Refusal } from "../Refusal.ts";
import type { Report, Work } from "./Report.ts";
import type { Store } from "./Store.ts";
import { ago, backupJson, backupText, moment } from "./Words.ts";

/** How many DAGs of the last run are looked for at most. */
const DAGS = 20;

/** The DAGs of the run that began last, in order, if the store has noted one. */
const lastRun = (
  { open }: Store,
  { tables }: Keeper.StoreStatus,
): Effect.Effect<ReadonlyArray<RunRow>, Refusal | PluginError.PluginError> => {
  const isNoted = tables.some(({ name, rows }) => name === runs.name && rows > 0);
  if (!isNoted) return Effect.succeed([]);
  return Effect.scoped(Effect.flatMap(open, (sink) =>
    Effect.map(
      Stream.runCollect(sink.select(runs, { orderBy: [["started_at", "desc"]], limit: DAGS })),
      (batches) => {
        const latest = batches.flat();
        return latest.filter((run) => run.run_id === latest[0]?.run_id).reverse();
      },
    )));
};

/** `historic at kite: done, 2026-11-21 15:45 Asia/Kolkata, 3 h ago: 61,234 candles`. */
const runText = (run: RunRow, timeZone: string, now: number): string => {
  const when = `${moment(run.started_at, timeZone)}, ${ago(run.started_at, now)}`;
  return `${run.dag} at ${run.source}: ${run.outcome}, ${when}${
    run.headline === "" ? "" : `: ${run.headline}`
  }`;
};

const runJson = (run: RunRow) => ({
  runId: run.run_id,
  dag: run.dag,
  source: run.source,
  outcome: run.outcome,
  startedAt: new Date(run.started_at).toISOString(),
  finishedAt: run.finished_at === null ? null : new Date(run.finished_at).toISOString(),
  headline: run.headline,
});

const days = ({ span }: Keeper.TableStatus, timeZone: string) =>
  span === undefined ? undefined : {
    firstDay: MarketTime.dayOf(span.first, timeZone),
    lastDay: MarketTime.dayOf(span.last, timeZone),
  };

/** What the store holds, the last run, the backups. */
export const status = Effect.fnUntraced(function* ({ opened, paint, store }: Work) {
  const { timeZone } = store.info;
  const { backups, status } = yield* Effect.scoped(Effect.gen(function* () {
    const keeper = yield* store.keeper;
    opened(keeper);
    return { status: yield* keeper.status, backups: yield* keeper.backups };
  }));
  const last = yield* lastRun(store, status);
  const now = yield* Clock.currentTimeMillis;
  const { bytes, tables } = status;
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  const [newest] = backups;
  const report: Report = {
    code: ExitCode.done,
    json: {
      bytes,
      tables: tables.map((one) => ({
        name: one.name,
        rows: one.rows,
        bytes: one.bytes ?? null,
        firstDay: null,
        lastDay: null,
        ...days(one, timeZone),
      })),
      lastRun: last.map(runJson),
      backups: backups.map(backupJson),
    },
    lines: [
      "",
      ...(tables.length === 0 ? ["Nothing is stored yet: nx run runner:execute --dag=historic fetches."] : [
        ...table(
          ["table", "rows", "size", "first day", "last day"],
          tables.map((one) => {
            const { firstDay = "-", lastDay = "-" } = days(one, timeZone) ?? {};
            return [
              one.name,
              one.rows,
              one.bytes === undefined ? "-" : sizeText(one.bytes),
              firstDay,
              lastDay,
            ];
          }),
          paint,
        ),
        "",
        `${Text.count(tables.length, "table")}, ${Text.count(rows, "row")}, ${sizeText(bytes)}`,
      ]),
      ...(last.length === 0
        ? ["Last run: none is noted"]
        : last.map((run, i) => `${i === 0 ? "Last run: " : "          "}${runText(run, timeZone, now)}`)),
      `Backups: ${
        newest === undefined ? "none" : `${backups.length}, the newest ${backupText(newest, timeZone, now)}`
      }`,
    ],
  };
  return report;
});
