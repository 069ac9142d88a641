import { Cause } from "effect";
import { format } from "node:util";

const METHODS = ["log", "info", "debug", "warn", "error", "trace"] as const;

/**
 * Sends what libraries print to `err`, where secrets are hidden: only results go to stdout, and nobody answers for
 * what a library has to say.
 */
export const guardConsole = (target: Console, err: (text: string) => void): void => {
  for (const method of METHODS) {
    target[method] = (...parts: ReadonlyArray<unknown>) => err(`${format(...parts)}\n`);
  }
};

/**
 * Errors that nobody waits for, of a library's own promises and timers, would end the program with a message of the
 * runtime's, whatever it quotes. They end it through `onFault` instead.
 */
export const guardErrors = (target: EventTarget, onFault: (cause: Cause.Cause<never>) => void): void => {
  target.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    onFault(Cause.die("reason" in event ? event.reason : event));
  });
  target.addEventListener("error", (event) => {
    event.preventDefault();
    onFault(Cause.die("error" in event ? event.error : event));
  });
};
