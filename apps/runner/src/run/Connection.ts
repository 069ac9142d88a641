import { Login, type Manifest, type Plugin, PluginError, type Setting } from "@candlewick/core";
import { Effect, Result, type Scope } from "effect";
import { fromFile, fromValues, fromVariables, unknownKeys } from "../config/Layers.ts";
import { variableName } from "../config/Naming.ts";
import { type Layer, resolve } from "../config/Resolve.ts";
import { concealed, concealError } from "../log/Concealed.ts";
import { keptLogin } from "../login/KeptLogin.ts";
import { load } from "../project/Load.ts";
import { ofKind } from "../project/Discovery.ts";
import { chosen, type Project } from "../project/Project.ts";
import { notAuthorised, type Refusal, refuse } from "../Refusal.ts";
import { files } from "../../launch/project.mjs";

/** How a missing setting can be given. */
const ways = (plugin: string, section: string) => (key: string, setting: Setting.Setting<unknown>): string =>
  `set ${
    variableName(plugin, key, setting)
  } in the environment or in .env, or "${key}" under ${section} in ${files.config}`;

const filtered =
  (layer: Layer, counts: (key: string, value: unknown) => boolean = () => true): Layer => (key, setting) => {
    const given = layer(key, setting);
    return given !== undefined && "value" in given && !counts(key, given.value) ? undefined : given;
  };

/** Settings of a plugin from the environment, `.env` and the configuration, with further layers around them. */
export const settingsOf = <S extends Setting.Settings>(
  project: Project,
  plugin: { readonly kind: "source" | "sink"; readonly id: string; readonly settings: S },
  around: {
    readonly before?: ReadonlyArray<Layer>;
    readonly after?: ReadonlyArray<Layer>;
    /** Whether a value that stands somewhere counts as given. */
    readonly counts?: (key: string, value: unknown) => boolean;
  } = {},
) => {
  const section = `${plugin.kind}s.${plugin.id}`;
  const given = project.config[`${plugin.kind}s`][plugin.id] ?? {};
  const unknown = unknownKeys(given, plugin.settings, `${files.config}: ${section}`);
  if (unknown.length > 0) return Result.fail(unknown);
  const layers = [
    ...around.before ?? [],
    fromVariables(plugin.id, project.variables),
    fromFile(given, `${files.config}: ${section}`, project.variables),
    ...around.after ?? [],
  ].map((layer) => filtered(layer, around.counts));
  return Result.map(resolve(plugin.settings, layers, ways(plugin.id, section)), (resolved) => {
    project.secrets.addFrom(resolved.values);
    return resolved;
  });
};

/** Where a source's login may be kept, as more places for its settings. */
export type StoredLogin = (plugin: Plugin.SourcePlugin) => Effect.Effect<ReadonlyArray<Layer>, Refusal>;

/**
 * Makes a source whose errors carry none of the project's secrets. All that the vendor asks for to let a user in
 * counts as secret here, also what a login page may show, such as the key of an app.
 */
export const makeSource = (
  project: Project,
  plugin: Plugin.SourcePlugin,
  values: Setting.Values<Setting.Settings>,
  login: Login.KeptLogin = keptLogin(project, plugin.id),
) => {
  const hide = (text: string) => project.secrets.hide(text);
  project.secrets.add(
    plugin.credentials.map((key) => values[key]).filter((value) => typeof value === "string"),
  );
  return plugin.make(values, { login }).pipe(
    Effect.mapError(concealError(hide)),
    Effect.map((services) => concealed(services, hide)),
  );
};

/** A source ready to be asked, real or pretended. */
export interface OpenSource {
  readonly plugin: Plugin.SourcePlugin;
  readonly services: Plugin.SourceServices;
  /** The settings it was opened with. */
  readonly values: Setting.Values<Setting.Settings>;
  readonly sandbox?: Plugin.SandboxSession;
}

/**
 * Opens the chosen source: with the user's credentials, or against its sandbox when there are none at all. Some
 * credentials but not all are refused, unless the source is asked for nothing: the user means the real one.
 */
export const openSource = (
  project: Project,
  asked: { readonly source?: string | undefined; readonly sandbox: boolean },
  /** Whether the run needs something of the source, or only what it is. */
  isNeeded: boolean,
  storedLogin: StoredLogin,
): Effect.Effect<OpenSource, Refusal | PluginError.PluginError, Scope.Scope> =>
  Effect.gen(function* () {
    const declared = chosen(project, "source", asked.source);
    if (Result.isFailure(declared)) return yield* refuse(declared.failure);
    const plugin = yield* load("source", declared.success);
    const stands = ofKind(project.declared, "sandbox").find(({ manifest }) => manifest.for === plugin.id);

    const settings = settingsOf(project, plugin, { after: yield* storedLogin(plugin) });
    if (Result.isFailure(settings)) return yield* refuse(...settings.failure);
    const { values, origins } = settings.success;
    const given = plugin.credentials.filter((key) => Object.hasOwn(origins, key));
    const missing = plugin.credentials.filter((key) => !given.includes(key));

    if (!asked.sandbox && missing.length === 0) {
      return { plugin, values, services: yield* makeSource(project, plugin, values) };
    }
    if (!asked.sandbox && (given.length > 0 || stands === undefined)) {
      const message = missingCredentials(plugin, given, missing, origins);
      if (!isNeeded && given.length > 0) {
        return { plugin, values, services: unasked(plugin, values, message) };
      }
      return yield* notAuthorised(message, plugin.howToLogIn);
    }
    if (stands === undefined) return yield* refuse(`--sandbox: there is no sandbox for ${plugin.id}`);
    return yield* openSandbox(project, plugin, stands);
  });

/** A source that only says what it is: for runs on the store alone, which need no login. */
const unasked = (
  plugin: Plugin.SourcePlugin,
  values: Setting.Values<Setting.Settings>,
  message: string,
): Plugin.SourceServices => ({
  session: {
    info: plugin.info(values),
    authenticate: Effect.fail(
      new PluginError.PluginError({
        plugin: plugin.id,
        operation: "authenticate",
        reason: new PluginError.Unauthorized({ message, hint: plugin.howToLogIn }),
      }),
    ),
  },
});

const missingCredentials = (
  plugin: Plugin.SourcePlugin,
  given: ReadonlyArray<string>,
  missing: ReadonlyArray<string>,
  origins: Readonly<Record<string, string>>,
): string => {
  const name = (key: string) => variableName(plugin.id, key, plugin.settings[key]!);
  const there = given.length === 0
    ? ""
    : ` (${given.map((key) => `${name(key)} comes from ${origins[key]}`).join(", ")})`;
  return `${plugin.id}: ${missing.map(name).join(" and ")} ${
    missing.length === 1 ? "is" : "are"
  } not set${there}`;
};

const openSandbox = (project: Project, plugin: Plugin.SourcePlugin, declared: Manifest.Declared) =>
  Effect.gen(function* () {
    const sandbox = yield* (yield* load("sandbox", declared)).acquire;
    const settings = settingsOf(project, plugin, {
      before: [fromValues(sandbox.settings, declared.manifest.id)],
    });
    if (Result.isFailure(settings)) return yield* refuse(...settings.failure);
    const { values } = settings.success;
    return {
      plugin,
      sandbox,
      values,
      services: yield* makeSource(project, plugin, values, Login.inMemory()),
    };
  });

/** Opens the chosen sink, in a place of its own when the data is pretended. */
export const openSink = (
  project: Project,
  asked: string | undefined,
  data: Plugin.SinkContext["data"],
) =>
  Effect.gen(function* () {
    const declared = chosen(project, "sink", asked);
    if (Result.isFailure(declared)) return yield* refuse(declared.failure);
    const plugin = yield* load("sink", declared.success);
    const settings = settingsOf(project, plugin);
    if (Result.isFailure(settings)) return yield* refuse(...settings.failure);
    return yield* plugin.make(settings.success.values, { directory: project.state, data });
  });
