import process from "node:process";
import { fileURLToPath } from "node:url";
import { checkBoundaries } from "./check.ts";
import { readWorkspace } from "./read-workspace.ts";
import { describe } from "./violation.ts";

const workspace = readWorkspace(fileURLToPath(new URL("../../..", import.meta.url)));
const violations = checkBoundaries(workspace);
for (const violation of violations) console.error(describe(violation));

const files = workspace.packages.reduce((sum, { files }) => sum + files.length, 0);
console.log(
  `boundaries: ${workspace.packages.length} packages, ${files} files, ${violations.length} violations`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
