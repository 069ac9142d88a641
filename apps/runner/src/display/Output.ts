import { writeSync } from "node:fs";
import process from "node:process";
import { coloured, type Paint, plain } from "./Style.ts";

/** Where a program writes: results to `out`, everything else to `err`. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal on which lines can be redrawn. */
  readonly isLive: boolean;
  /** Whether a person may be reading `err`. */
  readonly isTerminal: boolean;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** Columns of the terminal, as it is now. */
  readonly width: () => number;
}

/** Writes all of it before it returns, so that nothing is lost when the process ends. A closed pipe is no error. */
const writer = (descriptor: number) => {
  let open = true;
  return (text: string) => {
    let bytes = new TextEncoder().encode(text);
    while (open && bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(descriptor, bytes));
      } catch (cause) {
        if (cause instanceof Error && "code" in cause && cause.code === "EAGAIN") continue;
        open = false;
      }
    }
  };
};

/** The process's own streams. `NO_COLOR` and `TERM=dumb` are heeded. */
export const processOutput = (environment: (name: string) => string | undefined): Output => {
  const isDumb = environment("TERM") === "dumb";
  const noColour = (environment("NO_COLOR") ?? "") !== "" || isDumb;
  const forced = !["", "0"].includes(environment("FORCE_COLOR") ?? "");
  const paintFor = (isTerminal: boolean): Paint => !noColour && (isTerminal || forced) ? coloured : plain;
  return {
    out: writer(1),
    err: writer(2),
    isLive: process.stderr.isTTY === true && !isDumb,
    isTerminal: process.stderr.isTTY === true,
    paintOut: paintFor(process.stdout.isTTY === true),
    paintErr: paintFor(process.stderr.isTTY === true),
    // Some terminals say 0 when they do not know.
    width: () => process.stderr.columns || 80,
  };
};
