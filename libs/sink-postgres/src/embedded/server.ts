import { Effect } from "effect";
import type { Installation } from "./cluster.ts";
import { type CommandResult, run } from "./command.ts";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { attempt, attemptIfPresent, readText } from "./files.ts";
import { type Layout, LOG } from "./layout.ts";
import { flags, type ServerSettings } from "./settings.ts";

/** Seconds that pg_ctl waits for a start, which may have to recover from a crash. */
export const PATIENCE = 120;
/** Seconds that it waits for a stop; a server that takes longer ends by itself. */
const PATIENCE_TO_STOP = 30;
/** Bytes of log after which a new one is begun at the next start; one old log is kept. */
const LOG_LIMIT = 1_000_000;

/**
 * How an attempt to start ended. `hindrance` says what passes or can be got around:
 *
 * - `port`: another program listens on the port
 * - `pidFile`: `postmaster.pid` names a process that lives: another server, or a stranger with a killed server's number
 * - `memory`: processes of a killed server have not all ended yet
 */
export type StartResult =
  | { readonly _tag: "Started" }
  | { readonly _tag: "Failed"; readonly hindrance: Hindrance | undefined; readonly output: string };

export type Hindrance = "port" | "pidFile" | "memory";

const hindrances: ReadonlyArray<readonly [Hindrance, RegExp]> = [
  ["pidFile", /lock file "[^"]*postmaster\.pid" (already exists|is empty)|bogus data in lock file/],
  ["pidFile", /PID file "[^"]*" is empty|invalid data in PID file/],
  ["memory", /pre-existing shared memory block .* is still in use/],
  ["port", /could not create any TCP\/IP sockets|could not create listen socket/],
];

/** Reads what a failed server and pg_ctl said. They speak English, for the locale is C. */
export const hindranceOf = (output: string): Hindrance | undefined =>
  hindrances.find(([, words]) => words.test(output))?.[0];

/**
 * Starts the server and returns when it accepts connections. It runs in a session of its own and is no child of
 * this process, so Ctrl-C in the terminal does not reach it.
 */
export const start = Effect.fnUntraced(function* (
  { layout, binaries, prefix }: Installation,
  settings: ServerSettings,
  port: number,
): Effect.fn.Return<StartResult, EmbeddedPostgresError> {
  const logged = yield* rotateLog(layout);
  const { code, output } = yield* run([
    binaries.pgCtl,
    "start",
    "--wait",
    `--timeout=${PATIENCE}`,
    "--silent",
    // Relative paths: pg_ctl hands them to a shell.
    "--pgdata=data",
    `--log=${LOG}`,
    `--options=${flags(settings, port)}`,
  ], { cwd: layout.root, prefix, silent: Deno.build.os === "windows" });
  if (code === 0) return { _tag: "Started" };
  const log = ((yield* readText(layout.log)) ?? "").slice(logged);
  const said = `${log}\n${output}`;
  return { _tag: "Failed", hindrance: hindranceOf(said), output: said };
});

/**
 * Disconnects everyone and ends; fails when the server does not run. `fast` writes all to disk first, `immediate`
 * leaves that to the recovery at the next start.
 */
export const stop = (
  { layout, binaries, prefix }: Installation,
  mode: "fast" | "immediate" = "fast",
): Effect.Effect<CommandResult, EmbeddedPostgresError> =>
  run(
    [
      binaries.pgCtl,
      "stop",
      `--mode=${mode}`,
      "--wait",
      `--timeout=${PATIENCE_TO_STOP}`,
      "--silent",
      "--pgdata=data",
    ],
    { cwd: layout.root, prefix },
  );

/** Sets a long log aside; returns the length of the log, in characters, before this start. */
const rotateLog = Effect.fnUntraced(function* (layout: Layout) {
  const stat = yield* attemptIfPresent("look at", layout.log, () => Deno.stat(layout.log));
  if (stat !== undefined && stat.size > LOG_LIMIT) {
    yield* attempt("set aside", layout.log, () => Deno.rename(layout.log, `${layout.log}.old`));
  }
  return ((yield* readText(layout.log)) ?? "").length;
});
