/** The part of a package.json that says whether the package is a plugin. */
export interface Manifest {
  readonly name?: string;
  readonly candlewick?: { readonly kind?: string };
}

/** The names of the packages that declare a plugin, which the apps of the workspace compose at run time. */
export const pluginNames = (manifests: ReadonlyArray<Manifest>): Array<string> =>
  manifests.flatMap(({ name, candlewick }) =>
    name !== undefined && candlewick?.kind !== undefined ? [name] : []
  );
