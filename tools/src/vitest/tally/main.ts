import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { testResults } from "../../targets/infer-targets.ts";
import { packageFiles } from "../../targets/package-files.ts";
import { describeTally, type Report } from "./tally.ts";

// Counts the reports that `nx run-many -t test` left, run or restored from its cache. A package that has tests and
// left no report counts as a failure, so the sum cannot be right by accident.

const workspaceRoot = fileURLToPath(new URL("../../../..", import.meta.url));

const packageRoots = [
  ...["apps", "libs"].flatMap((folder) =>
    readdirSync(join(workspaceRoot, folder)).sort().map((name) => `${folder}/${name}`)
  ),
  "tools",
].filter((root) => existsSync(join(workspaceRoot, root, "package.json")));

const readReport = (root: string): Report | undefined => {
  const path = join(workspaceRoot, testResults(root));
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
};

const { lines, failed } = describeTally(
  packageRoots
    .filter((root) => packageFiles(join(workspaceRoot, root)).hasTests)
    .map((root) => ({ root, report: readReport(root) })),
);
for (const line of lines) console.log(line);
process.exitCode = failed === 0 ? 0 : 1;
