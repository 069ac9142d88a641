/** The part of a package.json that npm repeats in its lock file. */
export interface LockedManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, unknown>>;
}

/**
 * The text of a package-lock.json with one more package of the workspace, as `npm install` would write it. All that
 * the package depends on must be in the lock file already, so that no registry has to be asked.
 */
export const withPackage = (text: string, folder: string, manifest: LockedManifest): string => {
  const lock: Lock = JSON.parse(text);
  const { dependencies, name, version } = manifest;
  const packages = {
    ...lock.packages,
    [folder]: { name, version, dependencies },
    [`node_modules/${name}`]: { resolved: folder, link: true },
  };
  const sorted = Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, "en"));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`;
};
