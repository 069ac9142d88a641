import { type Plugin, type PluginError, RunEvent, type Setting } from "@candlewick/core";
import { Clock, Effect, Exit, Option, Redacted, Result, Scope } from "effect";
import { variableName } from "../config/Naming.ts";
import type { Layer } from "../config/Resolve.ts";
import { storedLogin } from "../login/StoredLogin.ts";
import { chosen, type Project } from "../project/Project.ts";
import { makeSource, settingsOf } from "./Connection.ts";

type Values = Setting.Values<Setting.Settings>;

/** How often files are looked at for a new login, milliseconds. */
const EVERY = 1_000;

const plain = (value: unknown): unknown => Redacted.isRedacted(value) ? Redacted.value(value) : value;

/** What the vendor judges, to tell one login from another; holds secrets. */
const credentialsOf = (plugin: Plugin.SourcePlugin, values: Values): string =>
  JSON.stringify(plugin.credentials.map((key) => plain(values[key]) ?? null));

/** How a user brings a new login, a line each. */
export const waysToLogIn = (plugin: Plugin.SourcePlugin, isDefault: boolean): ReadonlyArray<string> => {
  const { login } = plugin;
  if (login === undefined) return [`To go on: ${plugin.howToLogIn}.`];
  const name = variableName(plugin.id, login.setting, plugin.settings[login.setting]!);
  return [
    "To go on, log in from another terminal in this folder:",
    `  nx run runner:login${isDefault ? "" : ` --source=${plugin.id}`}`,
    `or set ${name} in .env. The run sees it and goes on by itself; Ctrl-C ends it.`,
  ];
};

/** What is known of a source's logins in a run. */
interface Logins {
  /** In use now. */
  values: Values;
  /** Refused so far, as `credentialsOf` has them. */
  readonly refused: Set<string>;
  /** What a login brings, of those refused: no place where one of them stands counts as set. */
  readonly refusedTokens: Set<unknown>;
}

/** Settings as the files have them now, without what was refused; none while there is nothing new. */
const lookAgain = Effect.fnUntraced(function* (
  opened: Project,
  plugin: Plugin.SourcePlugin,
  { refused, refusedTokens }: Logins,
) {
  const project = opened.reread();
  const after: Array<Layer> = [];
  if (plugin.login !== undefined) {
    const now = yield* Clock.currentTimeMillis;
    // A file that somebody is writing is no login yet.
    const kept = yield* Effect.option(storedLogin(project, plugin.id, plugin.login.setting, now));
    if (Option.isSome(kept)) after.push(kept.value.layer);
  }
  const counts = (key: string, value: unknown) => key !== plugin.login?.setting || !refusedTokens.has(value);
  const settings = settingsOf(project, plugin, { after, counts });
  if (Result.isFailure(settings)) return Option.none();
  const { values, origins } = settings.success;
  const isWhole = plugin.credentials.every((key) => Object.hasOwn(origins, key));
  return isWhole && !refused.has(credentialsOf(plugin, values))
    ? Option.some({ values, origins })
    : Option.none();
});

/**
 * What a run does when the vendor refuses its login: it takes another that stands in the files, and where there is
 * none waits for one, `patience` milliseconds in all until one is accepted. A new login may stand wherever the first
 * one could. Each source made is closed with the scope.
 */
export const renewal = Effect.fnUntraced(function* (
  project: Project,
  { plugin, services, values }: {
    readonly plugin: Plugin.SourcePlugin;
    readonly services: Plugin.SourceServices;
    readonly values: Values;
  },
  patience: number,
): Effect.fn.Return<Plugin.Renew, never, Scope.Scope> {
  const scope = yield* Effect.scope;
  const { name } = services.session.info;
  const byDefault = chosen(project, "source", undefined);
  const isDefault = Result.isSuccess(byDefault) && byDefault.success.manifest.id === plugin.id;
  const logins: Logins = { values, refused: new Set(), refusedTokens: new Set() };
  let spent = 0;

  const refuse = (refused: Values) => {
    logins.refused.add(credentialsOf(plugin, refused));
    if (plugin.login !== undefined) logins.refusedTokens.add(plain(refused[plugin.login.setting]));
  };

  /** Services with a login that was not refused yet, if there is one. */
  const look = Effect.gen(function* () {
    const found = yield* lookAgain(project, plugin, logins);
    if (Option.isNone(found)) return undefined;
    const made = yield* Effect.exit(
      Effect.provideService(makeSource(project, plugin, found.value.values), Scope.Scope, scope),
    );
    if (Exit.isFailure(made)) {
      refuse(found.value.values);
      yield* Effect.logWarning("the new login cannot be used", made.cause);
      return undefined;
    }
    logins.values = found.value.values;
    const origin = plugin.credentials.map((key) => found.value.origins[key]).at(-1);
    yield* Effect.logInfo(`${name}: another login is taken, from ${origin}`);
    return made.value;
  });

  const waitUntil = Effect.fnUntraced(function* (until: number) {
    for (;;) {
      const found = yield* look;
      const now = yield* Clock.currentTimeMillis;
      if (found !== undefined || now >= until) return found;
      yield* Effect.sleep(Math.min(EVERY, until - now));
    }
  });

  return Effect.fnUntraced(function* (error: PluginError.PluginError, wasAccepted: boolean) {
    if (wasAccepted) spent = 0;
    refuse(logins.values);
    const atHand = yield* look;
    if (atHand !== undefined || patience <= spent) return atHand;

    const began = yield* Clock.currentTimeMillis;
    const until = began + patience - spent;
    const message = [
      `${name} ${wasAccepted ? "does not take the login any more" : "refuses the login"}: ${error.message}`,
      ...waysToLogIn(plugin, isDefault),
    ].join("\n");
    yield* RunEvent.emit((at) => ({ _tag: "Paused", ...at, message, until }));
    const found = yield* waitUntil(until);
    const millis = (yield* Clock.currentTimeMillis) - began;
    spent += millis;
    yield* RunEvent.emit((at) => ({ _tag: "Resumed", ...at, isGood: found !== undefined, millis }));
    return found;
  });
});
