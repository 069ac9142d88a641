import { Clock, Effect } from "effect";
import type { Cluster } from "./cluster.ts";
import { type Answer, ask } from "./connection.ts";
import { type EmbeddedPostgresError, explainOutput, failure } from "./EmbeddedPostgresError.ts";
import { attempt, readText } from "./files.ts";
import type { Layout } from "./layout.ts";
import { recordedPort, removePidFile } from "./pidFile.ts";
import { freePort } from "./ports.ts";
import { PATIENCE, start } from "./server.ts";
import type { ServerSettings } from "./settings.ts";

/** Milliseconds between two looks at a server that is busy starting or stopping. */
const POLL = 50;
/** Milliseconds after which a server that does not answer is none, whatever `postmaster.pid` says. */
const SILENCE = 1_000;

/** Milliseconds to wait for other users of a server that does not answer. */
const FAREWELL = 15_000;

/**
 * Sees that the server runs, and tells its port. Uses the server that runs already, waits for one that starts or
 * stops, and starts one otherwise, also after the last one was killed. Hold the control lock.
 *
 * Where others use a server that does not answer here, none is started: it may run in a container that shares
 * the folder but not the network, and two servers on the same data would ruin it.
 */
export const ensureRunning = Effect.fnUntraced(function* (
  cluster: Cluster,
  settings: ServerSettings,
  isAlone: Effect.Effect<boolean, EmbeddedPostgresError>,
): Effect.fn.Return<number, EmbeddedPostgresError> {
  const { layout, password } = cluster;
  const began = yield* Clock.currentTimeMillis;
  let port = yield* preferredPort(layout);
  let elapsed = 0;
  let last = "";
  while (elapsed < PATIENCE * 1_000) {
    const running = yield* recordedPort(layout);
    const answer: Answer = running === undefined ? "nobody" : yield* ask({ port: running, password });
    if (running !== undefined && answer === "ready") return running;
    if (running !== undefined && answer === "nobody" && !(yield* isAlone)) {
      if (elapsed > FAREWELL) return yield* outOfReach(layout, running);
    } else if (answer !== "notYet") {
      const result = yield* start(cluster, settings, port);
      if (result._tag === "Started") {
        yield* attempt("write", layout.port, () => Deno.writeTextFile(layout.port, `${port}\n`));
        return port;
      }
      last = result.output;
      if (result.hindrance === undefined) return yield* explainOutput("to start", layout.root, last);
      if (result.hindrance === "port") port = yield* freePort;
      if (result.hindrance === "pidFile" && answer === "wrongPassword") {
        return yield* passwordMismatch(layout, running);
      }
      // The number of a killed server's process belongs to another process by now.
      if (result.hindrance === "pidFile" && elapsed > SILENCE) yield* removePidFile(layout);
    }
    yield* Effect.sleep(POLL);
    elapsed = (yield* Clock.currentTimeMillis) - began;
  }
  return yield* failure(
    "server",
    `The embedded PostgreSQL in ${layout.root} has not come up within ${PATIENCE} s ${last}`,
    `Look into ${layout.log} and try again`,
  );
});

const outOfReach = (layout: Layout, port: number): EmbeddedPostgresError =>
  failure(
    "busy",
    `Another run uses the database in ${layout.root}, but its server does not answer here on port ${port}. ` +
      "The server was killed, or the run is in a container",
    "End that run and try again",
  );

const passwordMismatch = (layout: Layout, port: number | undefined): EmbeddedPostgresError =>
  failure(
    "password",
    `The PostgreSQL that runs in ${layout.root} on port ${port} refuses the password in ${layout.pgpass}`,
    `Restore that file, or stop the server and move ${layout.root} away to begin anew`,
  );

/** The port of the last time, so that a connection string stays good; else a free one. */
const preferredPort = Effect.fnUntraced(function* (layout: Layout) {
  const port = Number(yield* readText(layout.port));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : yield* freePort;
});
