import { Effect, Result } from "effect";
import process from "node:process";
import { readRequest } from "../launch/arguments.mjs";
import { renderHelp } from "./cli/Help.ts";
import { renderList } from "./display/List.ts";
import { type Output, processOutput } from "./display/Output.ts";
import { load } from "./project/Load.ts";
import { chosen, open as openProject } from "./project/Project.ts";
import { select } from "./project/Selection.ts";
import { ExitCode, type Refusal } from "./Refusal.ts";
import { runProgram } from "./run/Signals.ts";

const environment = (name: string): string | undefined => process.env[name];

const idOr = (choice: ReturnType<typeof chosen>): string =>
  Result.isSuccess(choice) ? choice.success.manifest.id : "?";

const program = (args: ReadonlyArray<string>, output: Output): Effect.Effect<ExitCode, Refusal> =>
  Effect.gen(function* () {
    const request = readRequest(args);
    const project = yield* openProject(environment("CANDLEWICK_PROJECT") ?? process.cwd(), environment);
    switch (request.action) {
      case "help": {
        const selection = request.dag === undefined ? undefined : select(request.dag, project.dags);
        const named = selection !== undefined && Result.isSuccess(selection)
          ? selection.success.chosen
          : project.dags;
        const loaded = yield* Effect.forEach(named, (entry) => load("dag", entry.declared));
        output.out(`${renderHelp(project.dags, loaded)}\n`);
        return ExitCode.done;
      }
      case "version":
        output.out(`candlewick ${(yield* Effect.promise(() => import("./cli/Version.ts"))).version}\n`);
        return ExitCode.done;
      case "list": {
        const chosenIds = {
          source: idOr(chosen(project, "source", request.source)),
          sink: idOr(chosen(project, "sink", request.sink)),
        };
        output.out(`${renderList(project.dags, chosenIds).join("\n")}\n`);
        return ExitCode.done;
      }
      // What is not needed to list or to help is loaded only when it is: starting up stays quick.
      case "schema":
      case "login":
        return ExitCode.refused;
      case "run": {
        const { execute } = yield* Effect.promise(() => import("./run/Execute.ts"));
        return yield* execute(project, args, request.dag, output, () => []);
      }
    }
  });

const output = processOutput(environment);

runProgram(
  program(process.argv.slice(2), output).pipe(
    Effect.catchTag("Refusal", ({ problems, code }) =>
      Effect.sync(() => {
        for (const problem of problems) output.err(`candlewick: ${problem}\n`);
        return code;
      })),
    Effect.orDie,
  ),
);
