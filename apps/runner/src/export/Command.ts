import { Effect } from "effect";
import type { Output } from "../display/Output.ts";
import type { Project } from "../project/Project.ts";
import { type ExitCode, type Refusal, refuse } from "../Refusal.ts";

export const exportCommand = (
  _project: Project,
  _args: ReadonlyArray<string>,
  _output: Output,
): Effect.Effect<ExitCode, Refusal> => Effect.fail(refuse("no export yet"));
