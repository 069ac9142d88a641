import type { TargetConfiguration } from "@nx/devkit";
import { posix } from "node:path";
import type { PackageFiles } from "./package-files.ts";

/** The settings every package's tests run with. */
export const vitestConfig = "tools/src/vitest/vitest.config.ts";

/** Where the results of a package's tests are written, as vitest's JSON. */
export const testResults = (packageRoot: string): string => `dist/test-results/${packageRoot}.json`;

const denoTarget = (
  description: string,
  inputs: ReadonlyArray<string>,
  args: ReadonlyArray<string>,
): TargetConfiguration => ({
  executor: "@candlewick/tools:deno",
  cache: true,
  inputs: [...inputs],
  outputs: [],
  options: { arguments: [...args] },
  metadata: { description },
});

/**
 * The targets a package has by what it holds, so that no package spells them out:
 *
 * - `format`: `deno fmt --check`
 * - `lint`: `deno lint`, after `format`
 * - `check`: `deno check`, the types
 * - `test`: vitest on Deno, `*.integration.test.ts` included; only where there are tests
 *
 * Results are cached. Types and tests also answer to the packages this one depends on.
 *
 * @param packageRoot the package's folder from the workspace root, such as `libs/core`
 */
export const inferTargets = (
  packageRoot: string,
  files: PackageFiles,
): Record<string, TargetConfiguration> => {
  const targets: Record<string, TargetConfiguration> = {
    format: denoTarget("Checks the format", ["default"], ["fmt", "--check", packageRoot]),
  };
  if (files.hasSources) {
    targets["lint"] = {
      ...denoTarget("Lints the sources and checks their format", ["default"], ["lint", packageRoot]),
      dependsOn: ["format"],
    };
    targets["check"] = denoTarget("Checks the types", ["default", "^default"], ["check", packageRoot]);
  }
  if (files.hasTests) {
    const results = testResults(packageRoot);
    // Vitest takes paths from its root, which is the package.
    const fromPackage = (path: string) => posix.relative(packageRoot, path);
    targets["test"] = {
      ...denoTarget("Runs the tests", ["default", "^default", "testing"], [
        ...["run", "--allow-all", "npm:vitest", "run"],
        ...["--config", fromPackage(vitestConfig), "--configLoader", "native", "--root", packageRoot],
        ...["--reporter", "default", "--reporter", "json", "--outputFile.json", fromPackage(results)],
      ]),
      outputs: [`{workspaceRoot}/${results}`],
    };
  }
  return targets;
};
