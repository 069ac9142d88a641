import { Effect, type Scope } from "effect";

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

/** The folder of a disk of so many megabytes, for as long as the scope lives. */
export const smallDisk = (megabytes: number): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const folder = Deno.makeTempDirSync({ prefix: "candlewick-disk-" });
      if (!mount(folder, megabytes)) throw new Error(`cannot mount ${folder}`);
      return folder;
    }),
    (folder) =>
      Effect.sync(() => {
        // Detached at once: a server may still have files open.
        run("umount", "--lazy", folder);
        Deno.removeSync(folder);
      }),
  );

/** Makes room on such a disk. */
export const growDisk = (folder: string, megabytes: number): Effect.Effect<void> =>
  Effect.sync(() => {
    if (!run("mount", "-o", `remount,size=${megabytes}m`, folder)) throw new Error(`cannot grow ${folder}`);
  });
