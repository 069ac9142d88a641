import { Calendar } from "@candlewick/core";
import { Effect, Result } from "effect";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJsonText } from "../config/JsonText.ts";
import { type Refusal, refuse } from "../Refusal.ts";

/** Where a project keeps calendars of its own, one file for each exchange. */
export const CALENDARS = "config/calendars";

/** All that is known of exchanges in a project. */
export interface Known {
  /** What comes with the program, then the user's files by name. */
  readonly placed: ReadonlyArray<Calendar.Placed>;
  readonly descriptions: ReadonlyMap<string, Calendar.Description>;
}

const unreadable = (where: string, cause: unknown): Refusal =>
  refuse(`${where} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);

/** Names of the user's files, in order. */
const filesIn = (project: string): Effect.Effect<ReadonlyArray<string>, Refusal> =>
  Effect.try({
    try: () => {
      const folder = join(project, CALENDARS);
      return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")).sort() : [];
    },
    catch: (cause) => unreadable(`${CALENDARS}/`, cause),
  });

/** A file of the user; problems name it as the user knows it. */
const read = (project: string, name: string): Effect.Effect<Calendar.Placed, Refusal> =>
  Effect.gen(function* () {
    const where = `${CALENDARS}/${name}`;
    const text = yield* Effect.try({
      try: () => readFileSync(join(project, where), "utf8"),
      catch: (cause) => unreadable(where, cause),
    });
    const json = parseJsonText(text);
    if (Result.isFailure(json)) return yield* refuse(`${where} is no JSON: ${json.failure}`);
    const placed = Calendar.parse(where, json.success);
    return Result.isFailure(placed) ? yield* refuse(...placed.failure) : placed.success;
  });

/** Everything that is known, or all that is wrong with the user's files. */
export const known = (project: string): Effect.Effect<Known, Refusal> =>
  Effect.gen(function* () {
    const files = yield* Effect.forEach(
      yield* filesIn(project),
      (name) => Effect.result(read(project, name)),
    );
    const problems = files.flatMap((file) => Result.isFailure(file) ? file.failure.problems : []);
    if (problems.length > 0) return yield* refuse(...problems);
    const users = files.flatMap((file) => Result.isSuccess(file) ? [file.success] : []);
    const placed = [...yield* Calendar.builtIn, ...users];
    const descriptions = Calendar.resolve(placed);
    return Result.isSuccess(descriptions)
      ? { placed, descriptions: descriptions.success }
      : yield* refuse(...descriptions.failure);
  });

/** The calendars of a run. Without files of the user they are only read once they are asked for. */
export const calendarsOf = (project: string): Effect.Effect<Calendar.Provider, Refusal> =>
  Effect.gen(function* () {
    if ((yield* filesIn(project)).length === 0) return yield* Calendar.Calendars;
    const { descriptions } = yield* known(project);
    return Calendar.calendarsOf([...descriptions.keys()], Effect.succeed(descriptions));
  });
