import { Effect, Option, Stream } from "effect";
import process from "node:process";
import type { Output } from "../display/Output.ts";
import { lines } from "../login/Pasted.ts";

/** A person who can be asked. */
export interface Person {
  /** Whether there is one: someone reads what is asked, and can type. */
  readonly isThere: boolean;
  /** The line typed in answer; empty when the input ends. */
  readonly ask: (question: string) => Effect.Effect<string>;
}

export const atTerminal = (output: Pick<Output, "err" | "isTerminal">): Person => ({
  isThere: output.isTerminal && process.stdin.isTTY === true,
  ask: (question) =>
    Effect.suspend(() => {
      output.err(question);
      return Effect.map(Stream.runHead(lines), (line) => Option.getOrElse(line, () => "").trim());
    }),
});
