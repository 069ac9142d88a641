import { createNodesFromFiles, type CreateNodesResult, type CreateNodesV2, readJsonFile } from "@nx/devkit";
import { dirname, join } from "node:path";
import { type Manifest, pluginNames } from "./targets/composed-plugins.ts";
import { inferTargets } from "./targets/infer-targets.ts";
import { packageFiles } from "./targets/package-files.ts";

/** The name Nx knows this plugin by. */
export const name = "@candlewick/tools";

/**
 * Gives every package of the workspace its targets, and every app a dependency on the plugins it composes.
 *
 * An app imports no plugin by name, it discovers them, so no import shows that it depends on them. The dependency is
 * stated here instead: a change to a plugin affects the app and its tests.
 */
export const createNodesV2: CreateNodesV2 = [
  "{apps/*,libs/*,tools}/package.json",
  (manifestPaths, options, context) => {
    const plugins = pluginNames(
      manifestPaths.map((path) => readJsonFile<Manifest>(join(context.workspaceRoot, path))),
    );
    const createNodes = (manifestPath: string): CreateNodesResult => {
      const root = dirname(manifestPath);
      const isApp = root.startsWith("apps/");
      return {
        projects: {
          [root]: {
            projectType: isApp ? "application" : "library",
            targets: inferTargets(root, packageFiles(join(context.workspaceRoot, root))),
            ...(isApp ? { implicitDependencies: plugins } : {}),
          },
        },
      };
    };
    return createNodesFromFiles(createNodes, manifestPaths, options, context);
  },
];
