import manifest from "../../package.json" with { type: "json" };

/** The runner's own version. */
export const version: string = manifest.version;
