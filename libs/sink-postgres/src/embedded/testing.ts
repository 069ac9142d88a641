import { Context, Effect, Layer, type Redacted, Ref, type Scope } from "effect";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { prefixFor } from "./account.ts";
import { packageFolder, prepareBinaries } from "./binaries.ts";
import { type Cluster, prepareCluster } from "./cluster.ts";
import { run } from "./command.ts";
import { createDatabase, urlOf } from "./connection.ts";
import { type EmbeddedPostgresError, explainOutput } from "./EmbeddedPostgresError.ts";
import { attempt, removeAll } from "./files.ts";
import { type Layout, layoutOf, prepareFolder } from "./layout.ts";
import { tryLock, withLock } from "./locks.ts";
import { join } from "./membership.ts";
import { ensureRunning } from "./running.ts";
import { stop } from "./server.ts";
import { throwAway } from "./settings.ts";

const PREFIX = "candlewick-test-";
const PATIENCE = 60_000;

/**
 * A PostgreSQL server for tests: one's own, empty, in the system's folder for temporary files, gone with its scope.
 * It is up in about 0.3 s, for its files are copied from a template that the first test on a machine makes. Share
 * one among the tests of a file (`layer(TemporaryPostgres.layer)`) and give each test a fresh database.
 */
export class TemporaryPostgres extends Context.Service<TemporaryPostgres, {
  /** Makes an empty database and tells its connection string. */
  readonly freshDatabase: Effect.Effect<Redacted.Redacted<string>, EmbeddedPostgresError>;
  /** Ends the server at once: connections break, and the next start recovers. */
  readonly crash: Effect.Effect<void, EmbeddedPostgresError>;
  /** Starts it again, on the same port. */
  readonly start: Effect.Effect<void, EmbeddedPostgresError>;
}>()("candlewick/sink-postgres/TemporaryPostgres") {
  static readonly layer: Layer.Layer<TemporaryPostgres, EmbeddedPostgresError> = Layer.effect(
    TemporaryPostgres,
    Effect.suspend(() => temporaryPostgres),
  );
}

/** The server, for as long as the scope lives. */
export const temporaryPostgres: Effect.Effect<
  TemporaryPostgres["Service"],
  EmbeddedPostgresError,
  Scope.Scope
> = Effect.gen(function* () {
  const template = layoutOf(joinPath(tmpdir(), `candlewick-template-${Deno.uid() ?? "windows"}`));
  yield* prepareFolder(template);
  const { cluster, port } = yield* withLock(template.control, PATIENCE)(joinCopy(template));
  const address = { port, password: cluster.password };
  const count = yield* Ref.make(0);
  return {
    freshDatabase: Effect.gen(function* () {
      const database = `test_${yield* Ref.updateAndGet(count, (n) => n + 1)}`;
      yield* createDatabase(address, database);
      return urlOf(address, database);
    }),
    crash: Effect.asVoid(stop(cluster, "immediate")),
    start: Effect.asVoid(ensureRunning(cluster, throwAway)),
  };
});

/** Hold the template's control lock: it keeps others from taking a server that is being set up for abandoned. */
const joinCopy = Effect.fnUntraced(function* (template: Layout) {
  const original = yield* prepareTemplate(template);
  yield* Effect.ignore(removeAbandoned(original));
  const directory = yield* Effect.acquireRelease(
    attempt("create a folder in", tmpdir(), () => Deno.makeTempDir({ prefix: PREFIX })),
    (directory) => Effect.ignore(removeAll(directory)),
  );
  const layout = layoutOf(directory);
  yield* copyCluster(original, layout);
  return yield* join(layout, { durable: false, settings: throwAway }, () => Effect.void);
});

/** A template of another major version is made anew. */
const prepareTemplate = Effect.fnUntraced(function* (layout: Layout) {
  const binaries = yield* prepareBinaries(layout, yield* packageFolder());
  const prepare = Effect.flatMap(
    prefixFor(layout, binaries),
    (prefix) => prepareCluster({ layout, binaries, prefix }, { durable: false }),
  );
  return yield* Effect.catchIf(
    prepare,
    (error) => error.reason === "version" || error.reason === "password",
    () => Effect.andThen(removeAll(layout.data), prepare),
  );
});

/** By the account that owns the original, so that it owns the copy. */
const copyCluster = Effect.fnUntraced(function* ({ layout: from, prefix }: Cluster, to: Layout) {
  if (Deno.build.os === "windows") return;
  const result = yield* run(["/bin/cp", "-R", from.data, to.data], { cwd: to.root, prefix });
  if (result.code !== 0) return yield* explainOutput("to be copied", to.root, result.output);
  yield* attempt("copy", to.pgpass, () => Deno.copyFile(from.pgpass, to.pgpass));
});

/** Servers of tests that were killed: no one holds their lock of users. */
const removeAbandoned = Effect.fnUntraced(function* ({ binaries, prefix }: Cluster) {
  const entries = yield* attempt("list", tmpdir(), () => Array.fromAsync(Deno.readDir(tmpdir())));
  for (const entry of entries.filter(({ name }) => name.startsWith(PREFIX))) {
    const layout = layoutOf(joinPath(tmpdir(), entry.name));
    const lock = yield* tryLock(layout.users, "exclusive").pipe(Effect.orElseSucceed(() => undefined));
    if (lock === undefined) continue;
    yield* Effect.ignore(stop({ layout, binaries, prefix }, "immediate"));
    yield* Effect.ensuring(Effect.ignore(removeAll(layout.root)), Effect.sync(() => lock.close()));
  }
});
