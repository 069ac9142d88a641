import { type Cause, Effect, Exit, Fiber } from "effect";
import process from "node:process";
import { ExitCode } from "../Refusal.ts";

/** A launcher and a terminal may both pass a signal on; those that come this close are one. Milliseconds. */
const SAME = 1_000;

/** An orderly end that takes longer than this is cut short: Nx kills what it started after 5 seconds. */
const DEADLINE = 3_000;

/**
 * Runs the program and ends the process with its exit code. The first SIGINT, SIGTERM or SIGHUP interrupts it: its
 * finalizers roll back what is not committed and close what is open. A second one, or the deadline, ends it at
 * once; `cutShort` then has the last word.
 */
export const runProgram = (
  program: Effect.Effect<ExitCode>,
  cutShort: (why: string) => void,
  onFault: (cause: Cause.Cause<never>) => void,
): void => {
  const fiber = Effect.runFork(program);
  let firstAt: number | undefined;
  const end = (why: string) => {
    cutShort(why);
    process.exit(ExitCode.interrupted);
  };
  const onSignal = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      setTimeout(() => end(`not stopped after ${DEADLINE / 1_000} s: ended at once`), DEADLINE);
      Effect.runFork(Fiber.interrupt(fiber));
    } else if (now - firstAt > SAME) end("ended at once");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  fiber.addObserver((exit) => {
    if (firstAt !== undefined) process.exit(ExitCode.interrupted);
    if (Exit.isSuccess(exit)) process.exit(exit.value);
    onFault(exit.cause);
    process.exit(ExitCode.failed);
  });
};
