import { Clock, Context, Effect, Layer, type Redacted, Ref, type Scope } from "effect";
import { join as joinPath } from "node:path";
import type { Cluster } from "./cluster.ts";
import { createDatabase, urlOf } from "./connection.ts";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { isAlone } from "./enrolment.ts";
import { attempt, removeAll } from "./files.ts";
import { layoutOf } from "./layout.ts";
import { tryLock } from "./locks.ts";
import { join } from "./membership.ts";
import { ensureRunning } from "./running.ts";
import { stop } from "./server.ts";
import { throwAway } from "./settings.ts";
import { copyTemplate, placeForTests, withTemplate } from "./template.ts";

const PREFIX = "candlewick-test-";

/**
 * A PostgreSQL server for tests: one's own, empty, in a temporary folder, gone with its scope.
 * It is up in about 0.3 s, for its files are copied from a template that the first test on a machine makes. Share
 * one among the tests of a file (`layer(TemporaryPostgres.layer)`) and give each test a fresh database.
 */
export class TemporaryPostgres extends Context.Service<TemporaryPostgres, {
  /** Makes an empty database and tells its connection string. */
  readonly freshDatabase: Effect.Effect<Redacted.Redacted<string>, EmbeddedPostgresError>;
  /** Ends the server in order, or as a crash does: connections break, and the next start recovers. */
  readonly stop: (mode: "fast" | "immediate") => Effect.Effect<void, EmbeddedPostgresError>;
  /** Starts it again, on the same port. */
  readonly start: Effect.Effect<void, EmbeddedPostgresError>;
}>()("candlewick/sink-postgres/TemporaryPostgres") {
  static readonly layer: Layer.Layer<TemporaryPostgres, EmbeddedPostgresError> = Layer.effect(
    TemporaryPostgres,
    Effect.suspend(() => temporaryPostgres),
  );
}

/** A server does not wait for the clock of a test. */
const onRealClock = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue());

/** The server, for as long as the scope lives. */
export const temporaryPostgres: Effect.Effect<
  TemporaryPostgres["Service"],
  EmbeddedPostgresError,
  Scope.Scope
> = Effect.gen(function* () {
  const { cluster, enrolment, port } = yield* withTemplate(joinCopy);
  const address = { port, password: cluster.password };
  const count = yield* Ref.make(0);
  return {
    freshDatabase: Effect.gen(function* () {
      const database = `test_${yield* Ref.updateAndGet(count, (n) => n + 1)}`;
      yield* createDatabase(address, database);
      return urlOf(address, database);
    }),
    stop: (mode: "fast" | "immediate") => Effect.asVoid(stop(cluster, mode)),
    start: Effect.asVoid(onRealClock(ensureRunning(cluster, throwAway, isAlone(cluster.layout, enrolment)))),
  };
}).pipe(onRealClock);

/** While the template is held, no other test takes a server that is being set up for an abandoned one. */
const joinCopy = Effect.fnUntraced(function* (template: Cluster) {
  yield* Effect.ignore(removeAbandoned(template));
  const place = placeForTests();
  const directory = yield* Effect.acquireRelease(
    attempt("create a folder in", place, () => Deno.makeTempDir({ dir: place, prefix: PREFIX })),
    (directory) => Effect.ignore(removeAll(directory)),
  );
  const layout = layoutOf(directory);
  yield* copyTemplate(template, layout);
  return yield* join(layout, { durable: false, settings: throwAway }, () => Effect.void);
});

/** Servers of tests that were killed: no one holds their lock of users. */
const removeAbandoned = Effect.fnUntraced(function* ({ binaries, prefix }: Cluster) {
  const place = placeForTests();
  const entries = yield* attempt("list", place, () => Array.fromAsync(Deno.readDir(place)));
  for (const entry of entries.filter(({ name }) => name.startsWith(PREFIX))) {
    const layout = layoutOf(joinPath(place, entry.name));
    const lock = yield* tryLock(layout.users, "exclusive").pipe(Effect.orElseSucceed(() => undefined));
    if (lock === undefined) continue;
    yield* Effect.ignore(stop({ layout, binaries, prefix }, "immediate"));
    yield* Effect.ensuring(Effect.ignore(removeAll(layout.root)), Effect.sync(() => lock.close()));
  }
});
