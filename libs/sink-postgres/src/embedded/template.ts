import { Effect } from "effect";
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prefixFor } from "./account.ts";
import { packageFolder, prepareBinaries } from "./binaries.ts";
import { type Cluster, prepareCluster } from "./cluster.ts";
import { run } from "./command.ts";
import { type EmbeddedPostgresError, explainOutput } from "./EmbeddedPostgresError.ts";
import { attempt, removeAll } from "./files.ts";
import { type Layout, layoutOf, prepareFolder } from "./layout.ts";
import { withLock } from "./locks.ts";

/** Bytes that a memory file system must have free to be used; a container's usual 64 MB are too few. */
const ROOM = 2 ** 30;

const hasRoom = (path: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
};

/** Where tests put servers: in memory if possible, for a cluster is a thousand small files. */
export const placeForTests = (): string => hasRoom("/dev/shm") ? "/dev/shm" : tmpdir();

/** Milliseconds to wait for another test that makes the template or sets up a server. */
const PATIENCE = 60_000;

/** For tests: gives `use` an empty cluster to copy, made by the first test of a machine; one test at a time. */
export const withTemplate = <A, E, R>(
  use: (template: Cluster) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E | EmbeddedPostgresError, R> => {
  const layout = layoutOf(join(placeForTests(), `candlewick-template-${Deno.uid() ?? "windows"}`));
  return prepareFolder(layout).pipe(
    Effect.andThen(prepareTemplate(layout).pipe(Effect.flatMap(use), withLock(layout.control, PATIENCE))),
  );
};

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

/** Copies the template to an empty folder; done by the account that owns it, so that it owns the copy too. */
export const copyTemplate = Effect.fnUntraced(function* (
  { layout: from, prefix }: Cluster,
  to: Layout,
): Effect.fn.Return<void, EmbeddedPostgresError> {
  // There is no cp on Windows; the cluster is then made in place, which takes longer.
  if (Deno.build.os === "windows") return;
  const result = yield* run(["/bin/cp", "-R", from.data, to.data], { cwd: to.root, prefix });
  if (result.code !== 0) return yield* explainOutput("to be copied", to.root, result.output);
  yield* attempt("copy", to.pgpass, () => Deno.copyFile(from.pgpass, to.pgpass));
});
