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

export interface SmallDisk {
  readonly folder: string;
  /** Makes room: the disk grows. */
  readonly grow: (megabytes: number) => Effect.Effect<void>;
}

/** A disk of so many megabytes, for as long as the scope lives. */
export const smallDisk = (megabytes: number): Effect.Effect<SmallDisk, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const made = Deno.makeTempDirSync({ prefix: "candlewick-disk-" });
        if (!mount(made, megabytes)) throw new Error(`cannot mount ${made}`);
        return made;
      }),
      (made) =>
        Effect.sync(() => {
          run("umount", "--lazy", made);
          Deno.removeSync(made);
        }),
    ),
    (folder) => ({
      folder,
      grow: (size) =>
        Effect.sync(() => {
          if (!run("mount", "-o", `remount,size=${size}m`, folder)) throw new Error(`cannot grow ${folder}`);
        }),
    }),
  );
