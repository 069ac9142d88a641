import type { PluginError } from "@candlewick/core";
import { Data } from "effect";

/** What the program's exit code says. */
export const ExitCode = {
  done: 0,
  failed: 1,
  /** Wrong usage or configuration. */
  refused: 2,
  /** Finished, with some units failed. */
  partial: 3,
  unauthorised: 4,
  /** Another run is at work, and this one was told to leave then. */
  busy: 5,
  interrupted: 130,
} as const;

export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/**
 * The run cannot begin: wrong usage, wrong configuration, or no way to log in. Each problem names what is wrong
 * and how to put it right; none carries a secret.
 */
export class Refusal extends Data.TaggedError("Refusal")<{
  readonly problems: ReadonlyArray<string>;
  readonly code: ExitCode;
}> {
  override get message(): string {
    return this.problems.join("\n");
  }
}

/** Wrong usage or configuration. */
export const refuse = (...problems: ReadonlyArray<string>): Refusal =>
  new Refusal({ problems, code: ExitCode.refused });

export const notAuthorised = (...problems: ReadonlyArray<string>): Refusal =>
  new Refusal({ problems, code: ExitCode.unauthorised });

/** What a store or source could not do. What can never be right is the user's to put right: an address that is none. */
export const refusalOf = ({ message, reason }: PluginError.PluginError): Refusal =>
  new Refusal({ problems: [message], code: reason._tag === "Invalid" ? ExitCode.refused : ExitCode.failed });
