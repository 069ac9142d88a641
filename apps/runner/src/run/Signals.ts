import { Effect, Fiber } from "effect";
import process from "node:process";
import { ExitCode } from "../Refusal.ts";

/** A launcher and a terminal may both pass a signal on; those that come this close are one. Milliseconds. */
const SAME = 1_000;

/** An orderly end that takes longer than this is cut short. What starts the program may kill it after 5 s. */
const DEADLINE = 4_500;

/**
 * Runs the program and ends the process with its exit code. The first SIGINT, SIGTERM or SIGHUP interrupts it: its
 * finalizers roll back what is not committed and close what is open. A second one, or the deadline, ends it at
 * once.
 */
export const runProgram = (program: Effect.Effect<ExitCode>): void => {
  const fiber = Effect.runFork(program);
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    if (firstAt !== undefined) {
      if (now - firstAt > SAME) process.exit(ExitCode.interrupted);
      return;
    }
    firstAt = now;
    setTimeout(() => process.exit(ExitCode.interrupted), DEADLINE);
    Effect.runFork(Fiber.interrupt(fiber));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  fiber.addObserver((exit) => {
    process.exit(
      exit._tag === "Success"
        ? (firstAt === undefined ? exit.value : ExitCode.interrupted)
        : firstAt === undefined
        ? ExitCode.failed
        : ExitCode.interrupted,
    );
  });
};
