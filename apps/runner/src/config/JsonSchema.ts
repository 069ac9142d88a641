import type { Plugin, Setting } from "@candlewick/core";
import { Effect, Result, Schema } from "effect";
import { load } from "../project/Load.ts";
import { ofKind } from "../project/Discovery.ts";
import type { Project } from "../project/Project.ts";
import type { Refusal } from "../Refusal.ts";
import { ifRunnings, logLevels, waitForLogin } from "./ConfigFile.ts";
import { variableName } from "./Naming.ts";

type Json = Readonly<Record<string, unknown>>;

type AnySetting = Setting.Setting<unknown>;

/** Plugins whose settings a configuration may hold. */
export interface Configurable {
  readonly sources: ReadonlyArray<Pick<Plugin.SourcePlugin, "id" | "summary" | "settings">>;
  readonly sinks: ReadonlyArray<Pick<Plugin.SinkPlugin, "id" | "summary" | "settings">>;
  readonly dags: ReadonlyArray<Pick<Plugin.DagPlugin, "id" | "summary" | "parameters">>;
}

const object = (description: string, properties: Json): Json => ({
  type: "object",
  description,
  properties,
  additionalProperties: false,
});

/** A text that is taken from variables: `${KITE_API_KEY}`. */
const REFERENCE = { type: "string", pattern: "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" };

const isText = ({ type, enum: words }: Json): boolean => type === "string" && words === undefined;

/** The forms a value may have in a file. A setting that may be absent is left out there, so `null` is none. */
const formsOf = (setting: AnySetting): ReadonlyArray<Json> => {
  const { schema } = Schema.toJsonSchemaDocument(setting.schema);
  const forms = (Array.isArray(schema["anyOf"]) ? schema["anyOf"] as ReadonlyArray<Json> : [schema])
    .filter(({ type }) => type !== "null");
  return forms.some(isText) ? forms : [...forms, REFERENCE];
};

const defaultOf = (setting: AnySetting): Json => {
  if (setting.fallback === undefined || setting.secret) return {};
  const encoded = Schema.encodeUnknownResult(setting.schema)(setting.fallback);
  return Result.isSuccess(encoded) ? { default: encoded.success } : {};
};

/** What an editor shows and checks of one setting. */
const settingSchema = (plugin: string, key: string, setting: AnySetting): Json => {
  const variable = variableName(plugin, key, setting);
  const forms = formsOf(setting);
  return {
    description: [
      setting.description,
      ...(setting.expected === "some text" ? [] : [`Expected: ${setting.expected}`]),
      setting.secret ? `Better kept in .env, as ${variable}` : `Environment: ${variable}`,
    ].join(". "),
    ...(forms.length === 1 ? forms[0] : { anyOf: forms }),
    ...defaultOf(setting),
  };
};

const settingsSchema = (plugin: string, settings: Setting.Settings): Json =>
  Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, settingSchema(plugin, key, setting)]),
  );

const byId = <P extends { readonly id: string }>(
  plugins: ReadonlyArray<P>,
  schemaOf: (plugin: P) => Json,
): Json =>
  Object.fromEntries(
    [...plugins].sort((a, b) => a.id < b.id ? -1 : 1).map((plugin) => [plugin.id, schemaOf(plugin)]),
  );

const dagSchema = (dag: Configurable["dags"][number]): Json =>
  object(dag.summary, {
    enabled: {
      description: "Whether --dag=all runs it; one that is switched off cannot be named either",
      type: "boolean",
      default: true,
    },
    schedule: { description: "How often it is meant to run, as --list shows it", type: "string" },
    description: { description: "What --list says of it", type: "string" },
    parameters: object(`Parameters of ${dag.id}`, settingsSchema(dag.id, dag.parameters)),
  });

const idsOf = (plugins: ReadonlyArray<{ readonly id: string }>) => plugins.map(({ id }) => id).sort();

/**
 * JSON Schema (draft 2020-12) of `config/config.json` where these plugins are there. It allows what the program
 * allows, texts that are decoded (`"30s"`, `"NSE,BSE"`) only as far as being texts.
 */
export const configSchema = ({ sources, sinks, dags }: Configurable): Json => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Candlewick: config/config.json",
  ...object("Settings of a project. Texts may refer to variables of the environment and of .env: ${NAME}", {
    $schema: { description: "Where this schema is, for editors", type: "string" },
    plugins: {
      description: "Installed packages outside of the workspace that hold plugins",
      type: "array",
      items: { type: "string" },
    },
    source: { description: "The source of runs that name none with --source", enum: idsOf(sources) },
    sink: { description: "The sink of runs that name none with --sink", enum: idsOf(sinks) },
    sources: object(
      "Settings of sources",
      byId(sources, ({ id, summary, settings }) => object(summary, settingsSchema(id, settings))),
    ),
    sinks: object(
      "Settings of sinks",
      byId(sinks, ({ id, summary, settings }) => object(summary, settingsSchema(id, settings))),
    ),
    dags: object("What counts more than the config.json beside each DAG", byId(dags, dagSchema)),
    waitForLogin: {
      description: `${waitForLogin.description}. Expected: ${waitForLogin.expected}. ` +
        "Without it 15m on a terminal, 0 otherwise",
      anyOf: formsOf(waitForLogin),
    },
    ifRunning: {
      description: "When another run of the same DAG is at work: wait for its end, or leave",
      enum: ifRunnings,
      default: "wait",
    },
    logging: object("Logging", {
      level: {
        description: "What the console shows; the log file holds everything",
        enum: logLevels,
        default: "info",
      },
    }),
  }),
});

/** The JSON Schema for the plugins of a project, as text. Loads all of them. */
export const printSchema = (project: Pick<Project, "declared">): Effect.Effect<string, Refusal> =>
  Effect.gen(function* () {
    const all = <K extends "source" | "sink" | "dag">(kind: K) =>
      Effect.forEach(ofKind(project.declared, kind), (declared) => load(kind, declared));
    const plugins: Configurable = {
      sources: yield* all("source"),
      sinks: yield* all("sink"),
      dags: yield* all("dag"),
    };
    return JSON.stringify(configSchema(plugins), null, 2);
  });
