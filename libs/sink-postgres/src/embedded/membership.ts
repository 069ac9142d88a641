import { Effect, type Scope } from "effect";
import { prefixFor } from "./account.ts";
import { packageFolder, prepareBinaries } from "./binaries.ts";
import { type Cluster, type ClusterOptions, prepareCluster } from "./cluster.ts";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { enrol, type Enrolment, hasUsers, isAlone } from "./enrolment.ts";
import { type Layout, prepareFolder } from "./layout.ts";
import { withLock } from "./locks.ts";
import { recordedPort } from "./pidFile.ts";
import { isListening } from "./ports.ts";
import { ensureRunning } from "./running.ts";
import { stop } from "./server.ts";
import type { ServerSettings } from "./settings.ts";

/** Milliseconds to wait for another run that creates, starts or stops the server. */
const PATIENCE_TO_JOIN = 180_000;
const PATIENCE_TO_LEAVE = 30_000;

export interface Member {
  readonly cluster: Cluster;
  readonly enrolment: Enrolment;
  readonly port: number;
}

/**
 * Becomes one of the users of the folder's server, for as long as the scope lives: starts it when it does not run,
 * and stops it when no other user is left. A server that a killed user left behind is used, and stopped, by the
 * next. `prepare` runs on the started server while no other run can start or stop it.
 */
export const join = Effect.fnUntraced(function* (
  layout: Layout,
  options: ClusterOptions & { readonly settings: ServerSettings },
  prepare: (member: Member) => Effect.Effect<void, EmbeddedPostgresError>,
): Effect.fn.Return<Member, EmbeddedPostgresError, Scope.Scope> {
  const folder = yield* packageFolder();
  yield* prepareFolder(layout);
  return yield* Effect.gen(function* () {
    const binaries = yield* prepareBinaries(layout, folder);
    const prefix = yield* prefixFor(layout, binaries);
    const cluster = yield* prepareCluster({ layout, binaries, prefix }, options);
    const enrolment = yield* Effect.acquireRelease(enrol(layout), (enrolment) => leave(cluster, enrolment));
    const port = yield* ensureRunning(cluster, options.settings, isAlone(layout, enrolment));
    const member = { cluster, enrolment, port };
    yield* prepare(member);
    return member;
  }).pipe(withLock(layout.control, PATIENCE_TO_JOIN));
});

/** What goes wrong here is no failure of the run: a server left running serves the next one. */
const leave = (cluster: Cluster, enrolment: Enrolment): Effect.Effect<void> =>
  Effect.sync(() => enrolment.close()).pipe(
    Effect.andThen(stopIfUnused(cluster).pipe(withLock(cluster.layout.control, PATIENCE_TO_LEAVE))),
    Effect.catch((error) => Effect.logWarning(`The embedded PostgreSQL was left running: ${error.message}`)),
  );

const stopIfUnused = Effect.fnUntraced(function* (cluster: Cluster) {
  if (yield* hasUsers(cluster.layout)) return;
  const port = yield* recordedPort(cluster.layout);
  // A killed server is not told to stop: where no one buries dead processes (a container without init), pg_ctl
  // would wait for the end of one that ended long ago.
  if (port === undefined || !(yield* isListening(port))) return;
  const first = yield* stop(cluster);
  if (first.code === 0 || !(yield* isListening(port))) return;
  // A signal to the whole process group (Ctrl-C) ends pg_ctl too, perhaps while it waits.
  const second = yield* stop(cluster);
  if (second.code === 0 || !(yield* isListening(port))) return;
  yield* Effect.logWarning(
    `The embedded PostgreSQL did not stop: ${second.output.trim() || "pg_ctl says nothing"}`,
  );
});
