import { Login, type Manifest, type Plugin, PluginError, type Setting, type Source } from "@candlewick/core";
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

/** What a command line says of where data comes from. */
export interface AskedSource {
  readonly source?: string | undefined;
  readonly sandbox: boolean;
  readonly noSandbox: boolean;
}

/** The chosen source with its settings, and whether its data is the vendor's or a sandbox's. */
export type ChosenSource =
  & { readonly plugin: Plugin.SourcePlugin }
  & (
    | { readonly data: "real"; readonly values: Values; readonly missing: MissingCredentials | undefined }
    | { readonly data: "sandbox"; readonly stands: Manifest.Declared }
  );

interface MissingCredentials {
  readonly message: string;
  /** Whether some of them are there, so that the user means the vendor and not its sandbox. */
  readonly isPartly: boolean;
}

type Values = Setting.Values<Setting.Settings>;

/**
 * The chosen source, and whose data it will be: the vendor's when its credentials are there, the sandbox's when there
 * are none at all. Some credentials but not all mean the vendor; `--sandbox` and `--no-sandbox` decide by themselves.
 */
export const chooseSource = (
  project: Project,
  asked: AskedSource,
  storedLogin: StoredLogin,
): Effect.Effect<ChosenSource, Refusal> =>
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

    if (asked.sandbox) {
      if (stands === undefined) return yield* refuse(`--sandbox: there is no sandbox for ${plugin.id}`);
      return { plugin, data: "sandbox", stands };
    }
    if (missing.length === 0) return { plugin, data: "real", values, missing: undefined };
    if (given.length === 0 && !asked.noSandbox && stands !== undefined) {
      return { plugin, data: "sandbox", stands };
    }
    const message = missingCredentials(plugin, given, missing, origins);
    return { plugin, data: "real", values, missing: { message, isPartly: given.length > 0 } };
  });

/**
 * Opens the chosen source, real or pretended. Where credentials are missing it still serves what the vendor offers to
 * everyone, and runs that `need` nothing of it.
 */
export const openSource = (
  project: Project,
  asked: AskedSource,
  need: ReadonlyArray<Source.Capability>,
  storedLogin: StoredLogin,
): Effect.Effect<OpenSource, Refusal | PluginError.PluginError, Scope.Scope> =>
  Effect.gen(function* () {
    const choice = yield* chooseSource(project, asked, storedLogin);
    const { plugin } = choice;
    if (choice.data === "sandbox") return yield* openSandbox(project, plugin, choice.stands);
    const { missing, values } = choice;
    if (missing !== undefined) {
      if (need.length === 0 && (missing.isPartly || asked.noSandbox)) {
        return { plugin, values, services: unasked(plugin, values, missing.message) };
      }
      const open = plugin.info(values).open ?? [];
      if (need.length === 0 || !need.every((capability) => open.includes(capability))) {
        return yield* notAuthorised(missing.message, plugin.howToLogIn);
      }
    }
    return { plugin, values, services: yield* makeSource(project, plugin, values) };
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
