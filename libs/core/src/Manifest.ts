import { Result, Schema } from "effect";

/** The version of the plugin interface. A plugin made for another one is refused by name. */
export const coreVersion = 1;

export const PluginKind = Schema.Literals(["source", "sink", "dag", "sandbox"]);
export type PluginKind = typeof PluginKind.Type;

/**
 * What a package says of its plugin in `package.json` under `candlewick`, so that the runner can list plugins
 * and grant permissions without loading their code.
 */
export const Manifest = Schema.Struct({
  kind: PluginKind,
  id: Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9-]*$/)),
  /** Module, relative to the package, whose default export is the plugin. */
  entry: Schema.String.check(Schema.isPattern(/^\.\/(?!\.\.?\/)(?!.*\/\.\.?\/)[^\\]+$/)),
  core: Schema.Int,
  summary: Schema.String,
  /** For a sandbox: the source it stands in for. */
  for: Schema.optionalKey(Schema.String),
  /** DAGs: others that come first when both run. */
  after: Schema.optionalKey(Schema.Array(Schema.String)),
  /** DAGs: left out of `all`, unless a configuration enables it; runs when it is named. */
  onlyByName: Schema.optionalKey(Schema.Boolean),
  /** Hosts it talks to, `host:port`; `${NAME}` stands for the host of an address in that variable. */
  net: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Environment variables it reads, `PG*` for all that begin so. */
  env: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * Programs it starts: a path, relative to the package or absolute; `npm:<package>/<path>` in an installed
   * package; `{state}/<path>` in the project's state folder; or a bare name found on the path. `{platform}`
   * stands for this machine (`linux-x64`, `darwin-arm64`, `windows-x64`).
   */
  run: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Files and folders outside the project that it reads, written as in `run`. */
  read: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Native libraries it loads into the process, written as in `run`. What they do is out of Deno's control. */
  ffi: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * Variables, and keys of its section in the configuration, whose value is a file it writes: it may write to the
   * folder of that file.
   */
  write: Schema.optionalKey(Schema.Array(Schema.String)),
  /** For a sink that can write files for other programs (`SinkPlugin.exporter`): their formats, `parquet`, `csv`. */
  formats: Schema.optionalKey(Schema.Array(Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9]*$/)))),
  /** What it asks of the operating system, in the words of Deno's `--allow-sys`: `uid`. */
  sys: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * Variables, and keys of its section in the configuration: where one of them has a value, the plugin does without
   * what it asks for under `run`, `read` and `sys`.
   */
  unless: Schema.optionalKey(Schema.Array(Schema.String)),
});
export type Manifest = typeof Manifest.Type;

/** A manifest and the package it stands in. */
export interface Declared {
  readonly packageName: string;
  /** Folder of the package. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Reads the `candlewick` field of a `package.json`: `undefined` when there is none or it declares no plugin,
 * an error that names the package and the field when it is wrong.
 */
export const read = (
  packageName: string,
  folder: string,
  field: unknown,
): Result.Result<Declared | undefined, string> => {
  if (typeof field !== "object" || field === null || !("kind" in field)) return Result.succeed(undefined);
  // Before anything else: another interface may know other fields.
  if ("core" in field && Number.isInteger(field.core) && field.core !== coreVersion) {
    const id = "id" in field ? field.id : "";
    return Result.fail(
      `package ${packageName}: plugin "${id}" is made for plugin interface ${field.core}, ` +
        `this is interface ${coreVersion}; install a version of ${packageName} that fits`,
    );
  }
  const decoded = Schema.decodeUnknownResult(Manifest)(field, { onExcessProperty: "error", errors: "all" });
  if (Result.isFailure(decoded)) {
    return Result.fail(
      `package ${packageName}: field "candlewick" of package.json: ${decoded.failure.message}`,
    );
  }
  const manifest = decoded.success;
  if (manifest.kind === "sandbox" && manifest.for === undefined) {
    return Result.fail(
      `package ${packageName}: sandbox "${manifest.id}" does not say which source it is "for"`,
    );
  }
  return Result.succeed({ packageName, folder, manifest });
};

/** Plugins of one kind with one id, each with the packages that claim it. */
export const clashes = (declared: ReadonlyArray<Declared>): ReadonlyArray<string> => {
  const byName = new Map<string, Array<string>>();
  for (const { manifest, packageName } of declared) {
    const name = `${manifest.kind} "${manifest.id}"`;
    byName.set(name, [...(byName.get(name) ?? []), packageName]);
  }
  return Array.from(byName)
    .filter(([, packages]) => packages.length > 1)
    .map(([name, packages]) => `${name} is declared by ${packages.join(" and ")}; remove all but one`);
};
