import { type Plugin, PluginError } from "@candlewick/core";
import { Effect, type Scope } from "effect";
import type { SandboxError } from "./error.ts";

/**
 * A sandbox as the runner starts it: with what a client has to set, and with days of the instruments to begin with,
 * unless the user chooses others.
 */
export const sessionOf = <
  S extends { readonly description: string; readonly selection: ReadonlyArray<string> },
>(
  id: string,
  make: Effect.Effect<S, SandboxError, Scope.Scope>,
  settingsOf: (sandbox: S) => Plugin.SandboxSession["settings"],
): Plugin.SandboxPlugin["acquire"] =>
  make.pipe(
    Effect.map((sandbox) => ({
      settings: settingsOf(sandbox),
      parameters: { historic: { symbols: sandbox.selection, interval: "day" } },
      unless: { historic: ["exchanges", "instrumentTypes"] },
      description: sandbox.description,
    })),
    Effect.mapError(({ message }) =>
      new PluginError.PluginError({
        plugin: id,
        operation: "start",
        reason: new PluginError.Unavailable({ message }),
      })
    ),
  );
