import { PluginError } from "@candlewick/core";

export type Fault = PluginError.Store["fault"];

/** What went wrong between a sink and its database, before it is known what was being done. */
export interface StoreFailure {
  readonly fault: Fault;
  /** For users; no secret. */
  readonly message: string;
}

export interface Errors {
  /** The error of the port, for the operation a caller asked for. */
  readonly pluginError: (operation: string, fault: Fault, message: string) => PluginError.PluginError;
  readonly during: (operation: string) => (failure: StoreFailure) => PluginError.PluginError;
}

/** The errors of a plugin. */
export const errorsBy = (plugin: string): Errors => {
  const pluginError: Errors["pluginError"] = (operation, fault, message) =>
    new PluginError.PluginError({
      plugin,
      operation,
      reason: new PluginError.Store({ fault, message }),
    });
  return {
    pluginError,
    during: (operation) => ({ fault, message }) => pluginError(operation, fault, message),
  };
};
