import { Effect, Result } from "effect";
import type { Output } from "../display/Output.ts";
import type { Project } from "../project/Project.ts";
import { ExitCode, notAuthorised, Refusal, refuse } from "../Refusal.ts";
import { login } from "./Login.ts";
import { readFlags } from "./Options.ts";

/** `candlewick login`: reads its command line, logs in, and turns what the vendor refuses into an exit code. */
export const loginCommand = (
  project: Project,
  args: ReadonlyArray<string>,
  output: Pick<Output, "out">,
): Effect.Effect<ExitCode, Refusal> => {
  const flags = readFlags(args);
  if (Result.isFailure(flags)) return Effect.fail(refuse(...flags.failure));
  return login({ ...flags.success, project, say: (line) => output.out(`${line}\n`) }).pipe(
    Effect.catchTag("PluginError", ({ message, reason }) =>
      Effect.fail(
        reason._tag === "Unauthorized"
          ? notAuthorised(message, reason.hint)
          : new Refusal({ problems: [message], code: ExitCode.failed }),
      )),
  );
};
