import { Effect, Redacted } from "effect";
import { basename, join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { type Prefix, run } from "./command.ts";
import { type EmbeddedPostgresError, explainOutput, failure } from "./EmbeddedPostgresError.ts";
import { attempt, attemptIfPresent, readText, removeAll, syncFolder } from "./files.ts";
import { DRAFT, type Layout } from "./layout.ts";
import { createPassword, readPassword, ROLE } from "./password.ts";

/** A folder, and the programs for it. */
export interface Installation {
  readonly layout: Layout;
  readonly binaries: Binaries;
  /** Makes the programs run as the account that owns the data. */
  readonly prefix: Prefix;
}

/** A folder with a complete data directory. */
export interface Cluster extends Installation {
  readonly password: Redacted.Redacted<string>;
}

export interface ClusterOptions {
  /** Whether the new files must be on disk before they are used; only a throw-away cluster can do without. */
  readonly durable: boolean;
}

/**
 * The cluster of the folder, made by initdb when there is none. It is made in a folder of its own and renamed when
 * complete, so one that a killed run began is never mistaken for a cluster. Hold the control lock.
 */
export const prepareCluster = Effect.fnUntraced(function* (
  installation: Installation,
  options: ClusterOptions,
): Effect.fn.Return<Cluster, EmbeddedPostgresError> {
  const { layout, binaries } = installation;
  if ((yield* attemptIfPresent("look at", layout.data, () => Deno.stat(layout.data))) === undefined) {
    yield* removeDrafts(layout);
    return { ...installation, password: yield* initialise(installation, options) };
  }
  const major = (yield* readText(join(layout.data, "PG_VERSION")))?.trim();
  if (major !== binaries.major) {
    return yield* failure(
      "version",
      `${layout.data} holds data of PostgreSQL ${
        major ?? "of unknown version"
      }, and this is PostgreSQL ${binaries.major}`,
      `Move ${layout.root} away to begin anew`,
    );
  }
  return { ...installation, password: yield* readPassword(layout) };
});

const initialise = Effect.fnUntraced(function* (
  { layout, binaries, prefix }: Installation,
  options: ClusterOptions,
) {
  yield* Effect.logInfo(`Creating an embedded PostgreSQL database in ${layout.root}`);
  const password = yield* createPassword(layout);
  const draft = yield* attempt(
    "create a folder in",
    layout.root,
    () => Deno.makeTempDir({ dir: layout.root, prefix: DRAFT }),
  );
  const make = Effect.gen(function* () {
    const passwordFile = join(draft, "password");
    yield* attempt(
      "write",
      passwordFile,
      () => Deno.writeTextFile(passwordFile, `${Redacted.value(password)}\n`, { mode: 0o600 }),
    );
    // Relative paths: initdb hands them to a shell.
    const result = yield* run([
      binaries.initdb,
      `--pgdata=${join(basename(draft), "data")}`,
      `--pwfile=${join(basename(draft), "password")}`,
      `--username=${ROLE}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--set=timezone=UTC",
      "--set=log_timezone=UTC",
      "--no-instructions",
      ...(options.durable ? [] : ["--no-sync"]),
    ], { cwd: layout.root, prefix });
    if (result.code !== 0) return yield* explainOutput("to create a database", layout.root, result.output);
    yield* attempt("complete", layout.data, () => Deno.rename(join(draft, "data"), layout.data));
    if (options.durable) yield* syncFolder(layout.root);
  });
  yield* Effect.ensuring(Effect.uninterruptible(make), Effect.ignore(removeAll(draft)));
  return password;
});

/** Removes what killed runs left half done. An initdb that outlived its run may still write: then next time. */
const removeDrafts = Effect.fnUntraced(function* (layout: Layout) {
  const names = yield* attempt(
    "list",
    layout.root,
    async () => (await Array.fromAsync(Deno.readDir(layout.root))).map((entry) => entry.name),
  );
  for (const name of names.filter((name) => name.startsWith(DRAFT))) {
    yield* Effect.ignore(removeAll(join(layout.root, name)));
  }
});
