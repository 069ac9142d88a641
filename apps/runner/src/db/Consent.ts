import { Effect } from "effect";
import { ExitCode, type Refusal, refuse } from "../Refusal.ts";
import type { Report, Work } from "./Report.ts";

/**
 * Whether the user wants what was shown: asks, unless `--yes` says so. Refuses where nobody can be asked.
 * `accepts` are the answers that mean yes.
 */
export const consent = (
  { flags, person }: Pick<Work, "flags" | "person">,
  question: string,
  accepts: ReadonlyArray<string>,
): Effect.Effect<boolean, Refusal> => {
  if (flags.yes) return Effect.succeed(true);
  if (!person.isThere) {
    return Effect.fail(
      refuse(
        `db ${flags.verb} asks before it changes anything, and nobody is at a terminal: say --yes to do it unasked`,
      ),
    );
  }
  return Effect.map(person.ask(`${question} `), (answer) => accepts.includes(answer.toLowerCase()));
};

export const declined: Report = {
  code: ExitCode.failed,
  json: { done: false },
  lines: ["Nothing was changed."],
};
