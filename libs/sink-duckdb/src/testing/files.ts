import { Effect, type Scope } from "effect";
import { join } from "node:path";
import type { Place } from "../database/place.ts";

/** A folder that lives as long as the scope. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => Deno.realPathSync(Deno.makeTempDirSync({ prefix: "candlewick-duckdb-" }))),
  (path) => Effect.sync(() => Deno.removeSync(path, { recursive: true })),
);

/** A place for a database file in a folder. */
export const fileIn = (path: string): Place => ({
  path: join(path, "market.duckdb"),
  isOwn: false,
  temporary: join(path, "temporary"),
  backups: join(path, "backups"),
});

/** Another process that has a database file open for as long as the scope lives; its id. */
export const holding = (path: string): Effect.Effect<number, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", join(import.meta.dirname!, "holder.ts"), path],
          stdin: "piped",
          stdout: "piped",
          stderr: "inherit",
        }).spawn();
        // One line says that the file is open.
        const reader = child.stdout.getReader();
        await reader.read();
        reader.releaseLock();
        return child;
      }),
      (child) =>
        Effect.promise(async () => {
          await child.stdin.close();
          await child.stdout.cancel();
          await child.status;
        }),
    ),
    (child) => child.pid,
  );

/** Gives the main header of a database file another version, with the sum that DuckDB puts before it. */
export const setVersion = (bytes: Uint8Array, version: bigint): void => {
  const header = new DataView(bytes.buffer, bytes.byteOffset, 4_096);
  header.setBigUint64(12, version, true);
  let sum = 5_381n;
  for (let at = 8; at < 4_096; at += 8) {
    sum ^= BigInt.asUintN(64, header.getBigUint64(at, true) * 0xbf58476d1ce4e5b9n);
  }
  header.setBigUint64(0, sum, true);
};
