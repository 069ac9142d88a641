import { Effect } from "effect";
import { join } from "node:path";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { readText, removeAll } from "./files.ts";
import type { Layout } from "./layout.ts";

const pathOf = (layout: Layout): string => join(layout.data, "postmaster.pid");

/**
 * The port of the server that runs in the data directory, or ran there when it was killed; undefined when none
 * does. The fourth line of `postmaster.pid`: `src/include/utils/pidfile.h` of PostgreSQL.
 */
export const recordedPort = (
  layout: Layout,
): Effect.Effect<number | undefined, EmbeddedPostgresError> =>
  Effect.map(readText(pathOf(layout)), (text) => {
    const port = Number(text?.split("\n")[3]);
    return Number.isInteger(port) && port > 0 ? port : undefined;
  });

export const removePidFile = (layout: Layout): Effect.Effect<void, EmbeddedPostgresError> =>
  removeAll(pathOf(layout));
