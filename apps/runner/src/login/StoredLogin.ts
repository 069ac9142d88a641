import type { Plugin } from "@candlewick/core";
import { Clock, Effect, Option, Redacted } from "effect";
import type { Layer } from "../config/Resolve.ts";
import type { Refusal } from "../Refusal.ts";
import * as Credentials from "./Credentials.ts";

/** The kept login of a source as one more place where a setting may stand. */
export interface StoredLogin {
  /** Has the login's setting while the login is good, and nothing else. */
  readonly layer: Layer;
  /** When it ended, epoch ms, if it has; worth a word to whoever lacks a credential now. */
  readonly expired: Option.Option<number>;
  readonly warnings: ReadonlyArray<string>;
}

/** Reads the login kept for a source; `setting` is the one it is for, `now` epoch ms. */
export const storedLogin = (
  project: { readonly state: string },
  source: string,
  setting: string,
  now: number,
): Effect.Effect<StoredLogin, Refusal> =>
  Effect.map(Credentials.read(project.state, source), ({ path, credential, warnings }) => {
    const good = Option.filter(credential, ({ expires }) => now < expires);
    const given = Option.map(good, (login) => ({ value: Redacted.value(login.credential), origin: path }));
    return {
      layer: (key) => key === setting ? Option.getOrUndefined(given) : undefined,
      expired: Option.isSome(good) ? Option.none() : Option.map(credential, ({ expires }) => expires),
      warnings,
    };
  });

/**
 * For a run: the kept login of a source as a layer below all that the user wrote. Warns when others can read it, and
 * says so when it has ended.
 */
export const storedLogins = (project: { readonly state: string }) =>
  Effect.fnUntraced(function* (plugin: Plugin.SourcePlugin): Effect.fn.Return<ReadonlyArray<Layer>, Refusal> {
    if (plugin.login === undefined) return [];
    const now = yield* Clock.currentTimeMillis;
    const { layer, expired, warnings } = yield* storedLogin(project, plugin.id, plugin.login.setting, now);
    for (const warning of warnings) yield* Effect.logWarning(warning);
    if (Option.isSome(expired)) {
      yield* Effect.logInfo(
        `the kept login to ${plugin.id} ended at ${
          new Date(expired.value).toISOString().slice(0, 16)
        }Z; nx run runner:login makes a new one`,
      );
    }
    return [layer];
  });
