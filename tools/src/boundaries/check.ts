import { globalViolations } from "./core-purity.ts";
import { cycleViolations } from "./cycles.ts";
import { importViolations } from "./import-rules.ts";
import type { Violation } from "./violation.ts";
import type { Workspace } from "./workspace.ts";

const byPlace = (one: Violation, other: Violation): number =>
  one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line;

/** Every place in the workspace that breaks a rule, by file and line. */
export const checkBoundaries = (workspace: Workspace): ReadonlyArray<Violation> =>
  [
    ...workspace.packages.flatMap((from) => [
      ...importViolations(workspace, from),
      ...(from.kind === "core" ? from.files.flatMap(globalViolations) : []),
    ]),
    ...cycleViolations(workspace),
  ].sort(byPlace);
