import { Effect, Option, Result } from "effect";
import type { Request } from "../launch/arguments.mjs";
import { parse } from "./cli/Arguments.ts";
import { renderHelp } from "./cli/Help.ts";
import { asChoices, asRows, renderList } from "./display/List.ts";
import type { Output } from "./display/Output.ts";
import { load } from "./project/Load.ts";
import { chosen, type Project } from "./project/Project.ts";
import { select } from "./project/Selection.ts";
import { ExitCode, type Refusal, refuse } from "./Refusal.ts";

/** Does what a command line asks of a project. What only some actions need is loaded only for them. */
export const perform = (
  project: Project,
  request: Request,
  args: ReadonlyArray<string>,
  output: Output,
): Effect.Effect<ExitCode, Refusal> => {
  switch (request.action) {
    case "help":
      if (args[0] === "db") return dbHelp(output);
      return args[0] === "export" ? exportHelp(output) : help(project, request, output);
    case "version":
      return Effect.gen(function* () {
        const { version } = yield* Effect.promise(() => import("./cli/Version.ts"));
        output.out(`candlewick ${version}\n`);
        return ExitCode.done;
      });
    case "list":
      return Effect.gen(function* () {
        yield* checkCommon(args);
        const idOf = (kind: "source" | "sink") =>
          Result.match(chosen(project, kind, request[kind]), {
            onSuccess: ({ manifest }) => manifest.id,
            onFailure: () => "?",
          });
        const with_ = { source: idOf("source"), sink: idOf("sink") };
        output.out(
          request.json
            ? `${
              JSON.stringify({
                dags: asRows(project.dags, with_),
                sources: asChoices(project.declared, "source", with_),
                sinks: asChoices(project.declared, "sink", with_),
              })
            }\n`
            : `${renderList(project, with_, output.paintOut).join("\n")}\n`,
        );
        return ExitCode.done;
      });
    case "schema":
      return Effect.gen(function* () {
        const { printSchema } = yield* Effect.promise(() => import("./config/JsonSchema.ts"));
        output.out(`${yield* printSchema(project)}\n`);
        return ExitCode.done;
      });
    case "login":
      return Effect.gen(function* () {
        const { loginCommand } = yield* Effect.promise(() => import("./login/Command.ts"));
        return yield* loginCommand(project, args, output);
      });
    case "calendar":
      return Effect.gen(function* () {
        const { calendarCommand } = yield* Effect.promise(() => import("./calendar/Command.ts"));
        return yield* calendarCommand(project, args, output);
      });
    case "db":
      return Effect.gen(function* () {
        const { dbCommand } = yield* Effect.promise(() => import("./db/Command.ts"));
        return yield* dbCommand(project, args, output);
      });
    case "export":
      return Effect.gen(function* () {
        const { exportCommand } = yield* Effect.promise(() => import("./export/Command.ts"));
        return yield* exportCommand(project, args, output);
      });
    case "run":
      return Effect.gen(function* () {
        const { execute } = yield* Effect.promise(() => import("./run/Execute.ts"));
        const { storedLogins } = yield* Effect.promise(() => import("./login/StoredLogin.ts"));
        return yield* execute(project, args, request.dag, output, storedLogins(project));
      });
  }
};

/** Refuses what is no option of every run; for actions that take no parameters. */
const checkCommon = (args: ReadonlyArray<string>): Effect.Effect<void, Refusal> =>
  Result.match(parse(args, []), {
    onSuccess: () => Effect.void,
    onFailure: (problems) => Effect.fail(refuse(...problems)),
  });

const dbHelp = (output: Output): Effect.Effect<ExitCode> =>
  Effect.gen(function* () {
    const { dbHelp } = yield* Effect.promise(() => import("./db/Help.ts"));
    output.out(dbHelp);
    return ExitCode.done;
  });

const exportHelp = (output: Output): Effect.Effect<ExitCode> =>
  Effect.gen(function* () {
    const { exportHelp } = yield* Effect.promise(() => import("./export/Help.ts"));
    output.out(exportHelp);
    return ExitCode.done;
  });

const help = (project: Project, request: Request, output: Output): Effect.Effect<ExitCode, Refusal> =>
  Effect.gen(function* () {
    const selection = request.dag === undefined ? undefined : select(request.dag, project.dags);
    const named = selection !== undefined && Result.isSuccess(selection)
      ? selection.success.chosen
      : project.dags;
    const dags = yield* Effect.forEach(named, (entry) => load("dag", entry.declared));
    const plugins = yield* Effect.forEach(["source", "sink"] as const, (kind) => {
      const declared = chosen(project, kind, request[kind]);
      return Result.isSuccess(declared) ? Effect.asSome(load(kind, declared.success)) : Effect.succeedNone;
    });
    output.out(`${renderHelp(project, dags, plugins.flatMap(Option.toArray))}\n`);
    return ExitCode.done;
  });
