import { PluginError, Store } from "../../PluginError.ts";

/** An error of the memory store. */
export const refused = (operation: string, fault: Store["fault"], message: string): PluginError =>
  new PluginError({ plugin: "memory", operation, reason: new Store({ fault, message }) });
