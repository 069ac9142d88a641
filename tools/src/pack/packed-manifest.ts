/** A package.json of the workspace, as far as packing looks at it. */
export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly candlewick?: Readonly<Record<string, unknown>> & {
    readonly entry: string;
    readonly summary: string;
  };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Compiled files lie below this folder as their sources lie below `src`. */
export const COMPILED = "dist";

const SOURCE = /^\.\/src\/(.+)\.ts$/;

/** `./src/plugin.ts` as `./dist/plugin.js`; any other path as it is. */
const compiled = (path: string): string =>
  path.replace(SOURCE, (_, inner: string) => `./${COMPILED}/${inner}.js`);

/** The sources that others may load: what is exported, and the plugin itself. */
export const entriesOf = ({ candlewick, exports = {} }: WorkspaceManifest): ReadonlyArray<string> =>
  [
    ...new Set([...Object.values(exports), ...(candlewick === undefined ? [] : [candlewick.entry])]),
  ].filter((path) => SOURCE.test(path));

/** What a plugin shares with the runner: errors and services of another copy would be strangers to it. */
const SHARED = ["@candlewick/core", "effect"];

const isShared = (name: string): boolean => SHARED.includes(name);

/** Other libraries of the workspace, which a published plugin brings with it. */
export const bundledBy = ({ dependencies = {} }: WorkspaceManifest): ReadonlyArray<string> =>
  Object.keys(dependencies).filter((name) => name.startsWith("@candlewick/") && !isShared(name));

/**
 * The package.json of the package as it is published: compiled entries, and as peer dependencies, which any compatible
 * version meets, what is shared with the runner.
 */
export const packedManifest = (manifest: WorkspaceManifest, name = manifest.name): object => {
  const { candlewick, dependencies = {}, exports = {}, license, version } = manifest;
  const own = Object.entries(dependencies).filter(([dependency]) => !isShared(dependency));
  const shared = Object.entries(dependencies).filter(([dependency]) => isShared(dependency));
  const bundled = bundledBy(manifest);
  return {
    name,
    version,
    ...(candlewick === undefined ? {} : { description: candlewick.summary, keywords: ["candlewick"] }),
    ...(license === undefined ? {} : { license }),
    type: "module",
    exports: Object.fromEntries(
      Object.entries(exports).map(([path, target]) => [path, compiled(target)]),
    ),
    ...(candlewick === undefined ? {} : { candlewick: { ...candlewick, entry: compiled(candlewick.entry) } }),
    ...(own.length === 0 ? {} : { dependencies: Object.fromEntries(own) }),
    ...(bundled.length === 0 ? {} : { bundleDependencies: bundled }),
    peerDependencies: Object.fromEntries(shared.map(([dependency, wanted]) => [dependency, `^${wanted}`])),
  };
};
