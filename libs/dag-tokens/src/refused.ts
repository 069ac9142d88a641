import { PluginError, type Source } from "@candlewick/core";

/** A run that cannot go on, whatever the number of tries. */
export const refused = ({ id }: Pick<Source.SourceInfo, "id">, message: string): PluginError.PluginError =>
  new PluginError.PluginError({
    plugin: id,
    operation: "tokens",
    reason: new PluginError.Invalid({ message }),
  });
