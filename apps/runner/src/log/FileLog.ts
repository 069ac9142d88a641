import { Cause, Effect, Logger, References, type Scope } from "effect";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FILE_ONLY, partsOf } from "./ConsoleLog.ts";

/** Log files kept; older ones are removed when a run begins. */
const KEPT = 30;

/** Names begin with the time, so that they sort by age. */
const NAME = /^\d{8}-\d{6}-.*\.jsonl$/;

const stamp = (date: Date): string =>
  date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

/** One entry: time, level, message, annotations (run, dag, task, counts), and the stack of a cause. */
export const entryOf = (entry: Logger.Options<unknown>): string => {
  const { text, causes } = partsOf(entry);
  const { [FILE_ONLY]: _, ...annotations } = entry.fiber.getRef(References.CurrentLogAnnotations);
  return JSON.stringify({
    time: entry.date.toISOString(),
    level: entry.logLevel.toLowerCase(),
    message: text,
    ...annotations,
    ...(causes.length === 0 ? {} : { stack: causes.map((cause) => Cause.pretty(cause)).join("\n") }),
  });
};

export interface FileLog {
  readonly path: string;
  readonly logger: Logger.Logger<unknown, void>;
}

/**
 * A log of one run as JSON lines, `<state>/logs/<time>-<run>.jsonl`, readable by its owner alone. Where it cannot
 * be written the run goes on without it.
 */
export const make = (
  state: string,
  run: string,
  started: Date,
  hide: (text: string) => string,
): Effect.Effect<FileLog | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = join(state, "logs");
    const path = join(folder, `${stamp(started)}-${run}.jsonl`);
    const file = yield* Effect.acquireRelease(
      Effect.try({
        try: () => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          const old = readdirSync(folder).filter((name) => NAME.test(name)).sort().slice(0, -(KEPT - 1));
          for (const name of old) rmSync(join(folder, name), { force: true });
          return openSync(path, "a", 0o600);
        },
        catch: (cause) => cause,
      }).pipe(
        Effect.catch((cause) =>
          Effect.as(
            Effect.logWarning(
              `no log file at ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
            ),
            undefined,
          )
        ),
      ),
      (opened) => Effect.sync(() => opened === undefined ? undefined : closeSync(opened)),
    );
    if (file === undefined) return undefined;
    let isWritable = true;
    return {
      path,
      logger: Logger.make((options) => {
        if (!isWritable) return;
        try {
          writeSync(file, hide(`${entryOf(options)}\n`));
        } catch {
          // A full disk must not end a run that the database could still serve.
          isWritable = false;
        }
      }),
    };
  });
