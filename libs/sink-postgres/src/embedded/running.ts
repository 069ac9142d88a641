import { Clock, Effect } from "effect";
import type { Cluster } from "./cluster.ts";
import { ask } from "./connection.ts";
import { decide, decideAfter, type Sight } from "./decisions.ts";
import { type EmbeddedPostgresError, explainOutput, failure } from "./EmbeddedPostgresError.ts";
import { attempt, readText } from "./files.ts";
import type { Layout } from "./layout.ts";
import { recordedPort, removePidFile } from "./pidFile.ts";
import { freePort } from "./ports.ts";
import { PATIENCE, start } from "./server.ts";
import type { ServerSettings } from "./settings.ts";

/** Milliseconds between two looks at a server that is busy starting or stopping. */
const POLL = 50;

/**
 * Sees that the server runs, and tells its port. Uses the server that runs already, waits for one that starts or
 * stops, and starts one otherwise, also after the last one was killed. Hold the control lock.
 */
export const ensureRunning = Effect.fnUntraced(function* (
  cluster: Cluster,
  settings: ServerSettings,
  isAlone: Effect.Effect<boolean, EmbeddedPostgresError>,
): Effect.fn.Return<number, EmbeddedPostgresError> {
  const { layout, password } = cluster;
  const began = yield* Clock.currentTimeMillis;
  let port = yield* preferredPort(layout);
  for (;;) {
    const running = yield* recordedPort(layout);
    const sight: Sight = {
      answer: running === undefined ? "unrecorded" : yield* ask({ port: running, password }),
      alone: yield* isAlone,
      elapsed: (yield* Clock.currentTimeMillis) - began,
    };
    const decision = decide(sight);
    if (decision === "use") return running ?? port;
    if (decision === "outOfReach") return yield* outOfReach(layout);
    if (decision === "start") {
      const result = yield* start(cluster, settings, port);
      if (result._tag === "Started") {
        yield* attempt("write", layout.port, () => Deno.writeTextFile(layout.port, `${port}\n`));
        return port;
      }
      switch (decideAfter(sight, result.hindrance)) {
        case "fail":
          return yield* explainOutput("to start", layout.root, result.output);
        case "wrongPassword":
          return yield* wrongPassword(layout);
        case "otherPort":
          port = yield* freePort;
          break;
        case "removePidFile":
          yield* removePidFile(layout);
          break;
        case "wait":
          break;
      }
    }
    if (sight.elapsed > PATIENCE * 1_000) return yield* outOfPatience(layout);
    yield* Effect.sleep(POLL);
  }
});

const outOfReach = (layout: Layout): EmbeddedPostgresError =>
  failure(
    "busy",
    `Another run uses the database in ${layout.root}, but its server does not answer here: ` +
      "it was killed, or that run is in a container",
    "End that run and try again",
  );

const wrongPassword = (layout: Layout): EmbeddedPostgresError =>
  failure(
    "password",
    `The PostgreSQL that runs in ${layout.root} refuses the password in ${layout.pgpass}`,
    `Restore that file, or stop the server and move ${layout.root} away to begin anew`,
  );

const outOfPatience = (layout: Layout): EmbeddedPostgresError =>
  failure(
    "server",
    `The embedded PostgreSQL in ${layout.root} has not come up within ${PATIENCE} s`,
    `Look into ${layout.log} and try again`,
  );

/** The port of the last time, so that a connection string stays good; else a free one. */
const preferredPort = Effect.fnUntraced(function* (layout: Layout) {
  const port = Number(yield* readText(layout.port));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : yield* freePort;
});
