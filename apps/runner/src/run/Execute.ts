import { PluginError } from "@candlewick/core";
import { Clock, Effect, Layer, Logger, References } from "effect";
import { join, relative } from "node:path";
import { files } from "../../launch/project.mjs";
import { exposureOf } from "../config/Exposure.ts";
import * as Live from "../display/Live.ts";
import type { Output } from "../display/Output.ts";
import * as Screen from "../display/Screen.ts";
import { renderPlan, renderRun } from "../display/Summary.ts";
import { consoleLogger } from "../log/ConsoleLog.ts";
import { note } from "../log/EventLog.ts";
import * as FileLog from "../log/FileLog.ts";
import type { Project } from "../project/Project.ts";
import { ExitCode, notAuthorised, type Refusal, refusalOf } from "../Refusal.ts";
import type { OpenSource, StoredLogin } from "./Connection.ts";
import { open } from "./Open.ts";
import { planAll } from "./PlanAll.ts";
import { asJson, exitCodeOf, type RunReport } from "./Report.ts";
import { patienceOf } from "./Patience.ts";
import { readRequest, type Request } from "./Request.ts";
import { runAll } from "./RunAll.ts";

/** One run: what it is asked, and where it shows itself. */
interface Run {
  readonly id: string;
  readonly project: Project;
  readonly request: Request;
  readonly output: Output;
  readonly screen: Screen.Screen;
  readonly startedAt: number;
  readonly log: string | undefined;
  readonly storedLogin: StoredLogin;
}

/** Runs the DAGs that a command line names and tells how it went. */
export const execute = (
  project: Project,
  args: ReadonlyArray<string>,
  dag: string | undefined,
  output: Output,
  storedLogin: StoredLogin,
): Effect.Effect<ExitCode, Refusal> =>
  Effect.scoped(Effect.gen(function* () {
    const request = yield* readRequest(project, args, dag);
    const startedAt = yield* Clock.currentTimeMillis;
    const id = crypto.randomUUID().slice(0, 8);
    const screen = Screen.make(output);
    const level = request.arguments.common.logLevel ?? project.config.logLevel ?? "info";
    const console = consoleLogger(screen.print, level, output.paintErr);
    const hide = (text: string) => project.secrets.hide(text);
    const file = yield* FileLog.make(project.state, id, new Date(startedAt), hide);
    const log = file === undefined ? undefined : relative(project.folder, file.path);
    const layers = Layer.mergeAll(
      Logger.layer(file === undefined ? [console] : [console, file.logger]),
      Layer.succeed(References.MinimumLogLevel, "Debug"),
      Live.layer(output, screen, note),
    );
    return yield* conduct({ id, project, request, output, screen, startedAt, log, storedLogin }).pipe(
      Effect.annotateLogs({ run: id }),
      Effect.provide(layers),
    );
  }));

/**
 * Opens what the run needs, does what is asked, and closes everything before it returns. An interruption ends the
 * DAG at work and skips the others; how far they came is still told.
 */
const conduct = (run: Run): Effect.Effect<ExitCode, Refusal> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.scoped(Effect.gen(function* () {
      const { common } = run.request.arguments;
      const opened = yield* restore(
        open(
          run.project,
          run.request,
          run.storedLogin,
          patienceOf(common, run.project.config, run.output),
          (source) => announce(run, source),
        ),
      );
      yield* Effect.logInfo(`Store: ${opened.sink.location}`);
      const exposed = exposureOf(join(run.project.folder, files.dotEnv));
      if (exposed !== undefined) yield* Effect.logWarning(exposed);
      if (common.dryRun) {
        const plans = yield* restore(planAll(run.project, run.request, opened));
        yield* logOver(run, ExitCode.done);
        tell(run, { plans }, plans.flatMap((plan) => renderPlan(plan, run.output.paintOut)));
        return ExitCode.done;
      }
      const dags = yield* runAll(run.project, run.request, opened, run.id, restore);
      const report: RunReport = {
        runId: run.id,
        startedAt: run.startedAt,
        finishedAt: yield* Clock.currentTimeMillis,
        source: opened.source.plugin.id,
        ...(opened.source.sandbox === undefined ? {} : { sandbox: opened.source.sandbox.description }),
        sink: opened.sink.id,
        location: opened.sink.location,
        ...(run.log === undefined ? {} : { log: run.log }),
        dags,
      };
      const code = exitCodeOf(dags);
      yield* logOver(run, code);
      tell(run, asJson(report), renderRun(report, run.output.paintOut));
      return code;
    }))
  ).pipe(
    Effect.tapCause((cause) => Effect.logDebug("the run ended early", cause)),
    Effect.catchIf(PluginError.isPluginError, (error) =>
      Effect.fail(
        error.reason._tag === "Unauthorized"
          ? notAuthorised(error.message, error.reason.hint)
          : refusalOf(error),
      )),
  );

const logOver = (run: Run, exitCode: ExitCode) =>
  Effect.flatMap(
    Clock.currentTimeMillis,
    (now) => Effect.annotateLogs(Effect.logDebug("run finished"), { exitCode, millis: now - run.startedAt }),
  );

/** The result, on stdout. */
const tell = ({ request, output, screen }: Run, json: unknown, lines: ReadonlyArray<string>): void => {
  screen.close();
  output.out(request.arguments.common.json ? `${JSON.stringify(json)}\n` : `${lines.join("\n")}\n`);
};

/** What the data is, before anything else. */
const announce = (run: Run, { services, sandbox }: OpenSource) =>
  Effect.gen(function* () {
    const { name } = services.session.info;
    const why = run.request.arguments.common.sandbox ? "as asked" : `no credentials of ${name} are set`;
    yield* Effect.logInfo(
      sandbox === undefined
        ? `Source: ${name}`
        : `Sandbox: ${why}, so prices are invented (${sandbox.description}) and go to a place of their own`,
    );
    for (const { id, disabledBy } of run.request.disabled) {
      yield* Effect.logInfo(`${id} is left out, switched off by ${disabledBy}`);
    }
  });
