import { Effect, type Scope } from "effect";
import type { TestDatabase } from "./servers.ts";

const run = (command: string, ...args: ReadonlyArray<string>): boolean => {
  try {
    return new Deno.Command(command, { args: [...args], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
};

const mount = (folder: string, megabytes: number): boolean =>
  run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder);

/** Whether this machine lets the tests make a small disk: Linux, and root with the right to mount. */
export const canMakeDisks: boolean = (() => {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = Deno.makeTempDirSync({ prefix: "candlewick-mount-" });
  const mounted = mount(folder, 1);
  if (mounted) run("umount", folder);
  Deno.removeSync(folder);
  return mounted;
})();

export interface SmallDisk {
  /** Makes room: the disk grows. */
  readonly grow: (megabytes: number) => Effect.Effect<void>;
}

/** A folder that is a disk of so many megabytes, for as long as the scope lives. */
export const folderOnSmallDisk = (megabytes: number): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const made = Deno.makeTempDirSync({ prefix: "candlewick-disk-" });
      if (!mount(made, megabytes)) throw new Error(`cannot mount ${made}`);
      return made;
    }),
    (made) =>
      Effect.sync(() => {
        // Detached at once: the server may still have files open.
        run("umount", "--lazy", made);
        Deno.removeSync(made);
      }),
  );

/** A disk of so many megabytes with a tablespace on it, for as long as the scope lives. */
export const smallDisk = (
  { sql }: Pick<TestDatabase, "sql">,
  tablespace: string,
  megabytes: number,
): Effect.Effect<SmallDisk, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = yield* folderOnSmallDisk(megabytes);
    const data = (yield* sql("show data_directory"))[0]![0]!;
    const owner = Deno.statSync(data);
    Deno.chownSync(folder, owner.uid, owner.gid);
    yield* sql(`create tablespace ${tablespace} location '${folder}'`);
    return {
      grow: (size) =>
        Effect.sync(() => {
          if (!run("mount", "-o", `remount,size=${size}m`, folder)) throw new Error(`cannot grow ${folder}`);
        }),
    };
  });
