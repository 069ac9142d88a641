import { PluginError } from "@candlewick/core";
import { Clock, Effect, Layer, Logger, References } from "effect";
import type { LogLevel } from "../config/ConfigFile.ts";
import * as Live from "../display/Live.ts";
import type { Output } from "../display/Output.ts";
import * as Screen from "../display/Screen.ts";
import { type DagReport, outcomeOf, renderOverall, renderReport } from "../display/Summary.ts";
import { consoleLogger } from "../log/ConsoleLog.ts";
import * as FileLog from "../log/FileLog.ts";
import type { Project } from "../project/Project.ts";
import { ExitCode, type Refusal } from "../Refusal.ts";
import { exitCodeOf } from "./Order.ts";
import { open, type Opened, planAll, readRequest, type Request, runAll } from "./Run.ts";

const LEVELS = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const;
const ORDER = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"];

/** Console lines from the chosen level on; the file gets everything from debug on. */
const atLeast = (level: LogLevel, logger: Logger.Logger<unknown, void>): Logger.Logger<unknown, void> =>
  Logger.make((entry) => {
    if (ORDER.indexOf(entry.logLevel) >= ORDER.indexOf(LEVELS[level])) logger.log(entry);
  });

/** What a run was asked and told, for `--json`. */
const asJson = (runId: string, code: ExitCode, reports: ReadonlyArray<DagReport>) => ({
  runId,
  exitCode: code,
  dags: reports.map((report) => ({
    dag: report.dag,
    outcome: outcomeOf(report),
    seconds: Math.round(report.millis) / 1_000,
    ...("summary" in report ? report.summary : { message: report.message, hint: report.hint }),
  })),
});

/** Runs the DAGs that a command line names and tells how it went. */
export const execute = (
  project: Project,
  args: ReadonlyArray<string>,
  dag: string | undefined,
  output: Output,
  storedLogin: Parameters<typeof open>[2],
): Effect.Effect<ExitCode, Refusal> =>
  Effect.scoped(Effect.gen(function* () {
    const request = yield* readRequest(project, args, dag);
    const started = yield* Clock.currentTimeMillis;
    const runId = crypto.randomUUID().slice(0, 8);
    const screen = Screen.make(output);
    const { common } = request.arguments;
    const console = atLeast(common.logLevel ?? project.config.logLevel ?? "info", consoleLogger(screen));
    const file = yield* FileLog.make(project.state, runId, new Date(started));
    const logging = Layer.mergeAll(
      Logger.layer(file === undefined ? [console] : [console, file.logger]),
      Layer.succeed(References.MinimumLogLevel, "Debug" as const),
      Live.layer(output, screen),
    );
    return yield* conduct(project, request, output, screen, runId, storedLogin).pipe(
      Effect.annotateLogs({ run: runId }),
      Effect.provide(logging),
    );
  }));

const conduct = (
  project: Project,
  request: Request,
  output: Output,
  screen: Screen.Screen,
  runId: string,
  storedLogin: Parameters<typeof open>[2],
): Effect.Effect<ExitCode, Refusal> =>
  Effect.scoped(Effect.gen(function* () {
    const { common } = request.arguments;
    const began = yield* Clock.currentTimeMillis;
    const opened = yield* open(project, request, storedLogin);
    yield* announce(opened);
    for (const entry of request.disabled) {
      yield* Effect.logInfo(`${entry.id} is switched off by ${entry.disabledBy}`);
    }
    if (common.dryRun) {
      const { plans, lines } = yield* planAll(project, request, opened);
      screen.close();
      output.out(common.json ? `${JSON.stringify({ plans })}\n` : `${lines.join("\n")}\n`);
      return ExitCode.done;
    }
    const reports = yield* runAll(project, request, opened, runId);
    const code = exitCodeOf(reports);
    screen.close();
    const millis = (yield* Clock.currentTimeMillis) - began;
    output.out(
      common.json
        ? `${JSON.stringify(asJson(runId, code, reports))}\n`
        : ["", ...reports.flatMap(renderReport), ...renderOverall(reports, millis), ""].join("\n"),
    );
    return code;
  })).pipe(Effect.catchIf(PluginError.isPluginError, (error) => refused(error, output, request, runId)));

/** A source or store that could not be opened at all, or failed between DAGs. */
const refused = (error: PluginError.PluginError, output: Output, request: Request, runId: string) =>
  Effect.gen(function* () {
    const isUnauthorised = error.reason._tag === "Unauthorized";
    const code = isUnauthorised ? ExitCode.unauthorised : ExitCode.failed;
    yield* Effect.logError(error.message);
    if (error.reason._tag === "Unauthorized") yield* Effect.logInfo(error.reason.hint);
    if (request.arguments.common.json) {
      output.out(`${JSON.stringify({ runId, exitCode: code, message: error.message, dags: [] })}\n`);
    }
    return code;
  });

const announce = ({ source, sink }: Opened) => {
  const { name } = source.services.session.info;
  return source.sandbox === undefined ? Effect.logInfo(`${name} into ${sink.location}`) : Effect.logInfo(
    `Sandbox: no ${name} credentials are set, so this is a pretend exchange with invented prices ` +
      `(${source.sandbox.description}), into ${sink.location}`,
  );
};
