import { PluginError } from "@candlewick/core";
import { Exit } from "effect";

/** The reason an effect failed for; anything but a PluginError is a bug and thrown. */
export const reasonOf = (exit: Exit.Exit<unknown, unknown>): PluginError.Reason => {
  const error = Exit.findErrorOption(exit).valueOrUndefined;
  if (PluginError.isPluginError(error)) return error.reason;
  throw new Error(`expected a PluginError, got ${Exit.isSuccess(exit) ? "success" : String(exit.cause)}`);
};

export const valueOf = <A>(exit: Exit.Exit<A, unknown>): A => {
  if (Exit.isSuccess(exit)) return exit.value;
  throw new Error(`expected success, got ${exit.cause}`);
};
