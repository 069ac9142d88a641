import { type Keeper, PluginError } from "@candlewick/core";
import { Effect, Layer, Logger, References, Result, type Scope } from "effect";
import type { Output } from "../display/Output.ts";
import { consoleLogger } from "../log/ConsoleLog.ts";
import type { Project } from "../project/Project.ts";
import { type ExitCode, type Refusal, refusalOf, refuse } from "../Refusal.ts";
import { atTerminal, type Person } from "./Ask.ts";
import { backup } from "./Backup.ts";
import { readFlags, type Verb } from "./Options.ts";
import type { Report, Work } from "./Report.ts";
import { restore } from "./Restore.ts";
import { status } from "./Status.ts";
import { storeOf } from "./Store.ts";
import { truncate } from "./Truncate.ts";

const commands: Readonly<
  Record<Verb, (work: Work) => Effect.Effect<Report, Refusal | PluginError.PluginError, Scope.Scope>>
> = { status, backup, restore, truncate };

/** `candlewick db`: keeps the store in order that a run with the same options would write to. */
export const dbCommand = (
  project: Project,
  args: ReadonlyArray<string>,
  output: Output,
  person: Person = atTerminal(output),
): Effect.Effect<ExitCode, Refusal> =>
  Effect.gen(function* () {
    const read = readFlags(args);
    if (Result.isFailure(read)) return yield* refuse(...read.failure);
    const flags = read.success;
    const { json, logLevel } = flags.common;
    const store = yield* storeOf(project, flags);
    let location: string | undefined;
    const tell = (...lines: ReadonlyArray<string>) =>
      (json ? output.err : output.out)(`${lines.join("\n")}\n`);
    const opened = (keeper: Keeper.Keeper) => {
      location = keeper.location;
      tell(`Store: ${location}${store.data === "sandbox" ? " (pretended prices)" : ""}`);
    };
    const level = logLevel ?? project.config.logLevel ?? "info";
    const logger = Logger.layer([consoleLogger((text) => output.err(`${text}\n`), level, output.paintErr)]);
    const work: Work = {
      store,
      flags,
      person,
      opened,
      tell,
      paint: json ? output.paintErr : output.paintOut,
    };
    const report = yield* Effect.scoped(commands[flags.verb](work)).pipe(
      Effect.catchIf(PluginError.isPluginError, (error) => Effect.fail(refusalOf(error))),
      Effect.provide(Layer.merge(logger, Layer.succeed(References.MinimumLogLevel, "Debug"))),
    );
    const about = {
      command: flags.verb,
      sink: store.sink,
      location,
      data: store.data,
      source: store.info.id,
    };
    output.out(
      json
        ? `${JSON.stringify({ exitCode: report.code, ...about, ...report.json })}\n`
        : `${report.lines.join("\n")}\n`,
    );
    return report.code;
  });
