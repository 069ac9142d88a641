import { Effect, type Scope } from "effect";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ExitCode, Refusal } from "../Refusal.ts";

/** What lies there for longer is left from an export that was killed. Milliseconds. */
const OLD = 24 * 3_600_000;

const removeOld = (folder: string, now: number): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (now - statSync(path).mtimeMs > OLD) rmSync(path, { recursive: true, force: true });
  }
};

/** A folder in the project's state for files on the way, until the scope closes. */
export const scratchFolder = (state: string, now: number): Effect.Effect<string, Refusal, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const folder = join(state, "export");
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        removeOld(folder, now);
        return mkdtempSync(join(folder, "run-"));
      },
      catch: (cause) =>
        new Refusal({
          problems: [
            `no folder for files on the way can be made in ${state}: ${
              cause instanceof Error ? cause.message : String(cause)
            }`,
          ],
          code: ExitCode.failed,
        }),
    }),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
  );
