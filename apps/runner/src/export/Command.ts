import { Calendar, Dag, MarketTime, PluginError, type Source } from "@candlewick/core";
import { Clock, Effect, Layer, Logger, References, Result } from "effect";
import process from "node:process";
import { calendarsOf } from "../calendar/UserFiles.ts";
import * as Live from "../display/Live.ts";
import type { Output } from "../display/Output.ts";
import * as Screen from "../display/Screen.ts";
import { consoleLogger } from "../log/ConsoleLog.ts";
import { note } from "../log/EventLog.ts";
import { chosen, type Project } from "../project/Project.ts";
import { ExitCode, Refusal, refusalOf, refuse } from "../Refusal.ts";
import { openWhenFree } from "../run/Busy.ts";
import { openSink } from "../run/Connection.ts";
import { ifRunningOf } from "../run/Patience.ts";
import { whoseData } from "../run/Whose.ts";
import { type ExportFlags, readFlags } from "./Options.ts";
import { asJson, exitCodeOf, type ExportReport, renderExport } from "./Report.ts";
import { scratchFolder } from "./Scratch.ts";
import { chooseSeries } from "./Series.ts";
import { findWriter, loadExporter, pathOf } from "./Target.ts";
import { daysOf, write } from "./Write.ts";

/** Reads the store and writes the file. */
const conduct = Effect.fnUntraced(function* (project: Project, flags: ExportFlags, cwd: string) {
  const { common } = flags;
  const declared = chosen(project, "sink", common.sink);
  if (Result.isFailure(declared)) return yield* refuse(declared.failure);
  const writer = yield* findWriter(project, declared.success.manifest.id, flags);
  const path = yield* pathOf(flags, cwd);
  const calendars = yield* calendarsOf(project.folder);
  const { data, info } = yield* whoseData(project, common);
  const exporter = yield* loadExporter(writer);
  const now = yield* Clock.currentTimeMillis;
  const scratch = yield* scratchFolder(project.state, now);
  const sink = yield* openWhenFree(
    openSink(project, common.sink, data),
    ifRunningOf(common, project.config),
  );
  yield* Effect.logInfo(
    data === "sandbox"
      ? `Store: ${sink.location}, with invented prices of the sandbox`
      : `Store: ${sink.location}`,
  );
  const { series, unknown } = yield* chooseSeries(sink, info, flags, MarketTime.dayOf(now, info.timeZone));
  const isStored = series.some(({ covered: { final, open } }) => final.length > 0 || open !== undefined);
  if (!isStored) return yield* nothing(info, flags, unknown.map(({ message }) => message));
  const target = { path, format: writer.format, decimals: flags.prices, scratch };
  const written = yield* Dag.run(
    "export",
    Dag.start("write", write({ sink, info, exporter, target, asked: flags, now }, series)),
  ).pipe(Effect.provideService(Calendar.Calendars, calendars));
  const report: ExportReport = {
    ...written,
    path,
    format: writer.format,
    interval: flags.interval,
    days: daysOf(written, info),
    failures: unknown,
    source: info.id,
    sink: sink.id,
    location: sink.location,
    isSandbox: data === "sandbox",
  };
  return report;
});

const nothing = (
  info: Source.SourceInfo,
  { interval }: ExportFlags,
  unknown: ReadonlyArray<string>,
): Effect.Effect<never, Refusal> =>
  new Refusal({
    problems: unknown.length > 0 ? unknown : [
      `the store has no candles of ${info.name} at interval ${interval} that fit: ` +
      `--dag=historic${interval === "day" ? "" : ` --interval=${interval}`} fetches them`,
    ],
    code: ExitCode.failed,
  });

/** `candlewick export`: writes candles of the store into a file for other programs. */
export const exportCommand = (
  project: Project,
  args: ReadonlyArray<string>,
  output: Output,
  cwd: string = process.cwd(),
): Effect.Effect<ExitCode, Refusal> =>
  Effect.gen(function* () {
    const read = readFlags(args);
    if (Result.isFailure(read)) return yield* refuse(...read.failure);
    const flags = read.success;
    const { json, logLevel } = flags.common;
    const screen = Screen.make(output);
    const level = logLevel ?? project.config.logLevel ?? "info";
    const layers = Layer.mergeAll(
      Logger.layer([consoleLogger(screen.print, level, output.paintErr)]),
      Layer.succeed(References.MinimumLogLevel, "Debug"),
      Live.layer(output, screen, note),
    );
    const report = yield* Effect.scoped(conduct(project, flags, cwd)).pipe(
      Effect.catchIf(PluginError.isPluginError, (error) => Effect.fail(refusalOf(error))),
      Effect.provide(layers),
    );
    output.out(
      json ? `${JSON.stringify(asJson(report))}\n` : `${renderExport(report, output.paintOut).join("\n")}\n`,
    );
    return exitCodeOf(report);
  });
