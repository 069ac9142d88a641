import { resolve } from "./resolve.ts";
import type { Violation } from "./violation.ts";
import type { Package, Workspace } from "./workspace.ts";

/** An import that makes one package depend on another. */
interface Edge {
  readonly to: string;
  readonly path: string;
  readonly line: number;
}

const edgesOf = (workspace: Workspace, from: Package): ReadonlyArray<Edge> => {
  const first = new Map<string, Edge>();
  for (const file of from.files) {
    for (const { specifier, line } of file.imports) {
      if (specifier === undefined) continue;
      const target = resolve(workspace, from, file, specifier);
      if (target.kind !== "workspace" || first.has(target.package.name)) continue;
      first.set(target.package.name, { to: target.package.name, path: file.path, line });
    }
  }
  return [...first.values()];
};

/**
 * Circles of packages that import each other, each reported once, at the import that closes it.
 *
 * A walk through the packages in their order: an import of a package that the walk is still inside closes a circle.
 */
export const cycleViolations = (workspace: Workspace): ReadonlyArray<Violation> => {
  const edges = new Map(workspace.packages.map((from) => [from.name, edgesOf(workspace, from)]));
  const found: Array<Violation> = [];
  const finished = new Set<string>();
  const walk = (name: string, inside: ReadonlyArray<string>): void => {
    if (finished.has(name)) return;
    const path = [...inside, name];
    for (const edge of edges.get(name) ?? []) {
      const start = path.indexOf(edge.to);
      if (start === -1) walk(edge.to, path);
      else {
        const circle = [...path.slice(start), edge.to].join(" -> ");
        found.push({
          rule: "no-cycle",
          path: edge.path,
          line: edge.line,
          what: `closes the circle ${circle}`,
        });
      }
    }
    finished.add(name);
  };
  for (const { name } of workspace.packages) walk(name, []);
  return found;
};
