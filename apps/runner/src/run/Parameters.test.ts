import { Plugin, PluginError, Setting } from "@candlewick/core";
import { Effect, Result } from "effect";
import { describe, expect, it } from "vitest";
import { open } from "../project/Project.ts";
import { pluginPackage, temporaryFolder } from "../testing/folders.ts";
import { parametersOf } from "./Parameters.ts";

const failure = new PluginError.PluginError({
  plugin: "job",
  operation: "run",
  reason: new PluginError.Invalid({ message: "not here" }),
});

const plugin = Plugin.dag({
  id: "job",
  summary: "A job",
  parameters: {
    interval: Setting.text({ description: "Interval", default: "default" }),
    symbols: Setting.list({ description: "Symbols" }),
    exchanges: Setting.list({ description: "Exchanges" }),
  },
  needs: [],
  after: [],
  prerequisites: () => Effect.fail(failure),
  plan: () => Effect.fail(failure),
  run: () => Effect.fail(failure),
}) as unknown as Plugin.DagPlugin;

/** The places where `interval` may stand, those that count more first, each with what it is called in messages. */
const places = {
  "flag": "--interval",
  "environment": "environment variable JOB_INTERVAL",
  ".env": ".env: JOB_INTERVAL",
  "config/config.json": "config/config.json: dags.job.parameters.interval",
  "config.json beside the DAG": "dag/config.json: parameters.interval",
  "sandbox": "sandbox: interval",
} as const;
type Place = keyof typeof places;
const all = Object.keys(places) as ReadonlyArray<Place>;

const parameters = (
  value: (place: Place) => Readonly<Record<string, unknown>> | undefined,
  flags: Readonly<Record<string, string | true>> = {},
) => {
  const at = (place: Place) => value(place) ?? {};
  const variable = (place: Place) => at(place)["interval"];
  using folder = temporaryFolder({
    "package.json": { name: "mine", workspaces: ["dag"] },
    "dag/package.json": pluginPackage("dag", "job"),
    "dag/config.json": { parameters: at("config.json beside the DAG") },
    "config/config.json": { dags: { job: { parameters: at("config/config.json") } } },
    ".env": variable(".env") === undefined ? "" : `JOB_INTERVAL=${variable(".env")}`,
  });
  const environment = variable("environment") as string | undefined;
  const project = Effect.runSync(
    open(folder.path, (name) => name === "JOB_INTERVAL" ? environment : undefined),
  );
  return parametersOf(
    project,
    { entry: project.dags[0]!, plugin },
    { ...at("flag"), ...flags } as Record<string, string>,
    {
      settings: {},
      description: "",
      parameters: { job: at("sandbox") },
      unless: { job: ["exchanges"] },
    },
  );
};

describe("a parameter", () => {
  it.each(all.map((place, index) => [place, all.slice(index)] as const))(
    "comes from %s where that and what counts less have it",
    (place, present) => {
      const resolved = parameters((one) => present.includes(one) ? { interval: one } : undefined);
      expect(Result.getOrThrow(resolved)).toMatchObject({
        values: { interval: place },
        origins: { interval: places[place] },
        defaulted: ["symbols", "exchanges"],
      });
    },
  );

  it("takes its default where nobody gave it", () => {
    expect(Result.getOrThrow(parameters(() => undefined))).toEqual({
      values: { interval: "default", symbols: [], exchanges: [] },
      origins: {},
      defaulted: ["interval", "symbols", "exchanges"],
    });
  });

  it("that no DAG has is an error that names its file, its place and what was probably meant", () => {
    expect(parameters((place) => place === "flag" ? undefined : { intreval: place })).toEqual(Result.fail([
      'config/config.json: dags.job.parameters: unknown key "intreval"; did you mean "interval"?',
      'dag/config.json: parameters: unknown key "intreval"; did you mean "interval"?',
    ]));
  });
});

describe("the sandbox's choice", () => {
  const choice = (place: Place) => place === "sandbox" ? { symbols: ["NSE:A"], interval: "day" } : undefined;

  it("is taken where the user chose nothing", () => {
    expect(Result.getOrThrow(parameters(choice)).values).toMatchObject({
      symbols: ["NSE:A"],
      interval: "day",
    });
  });

  it("goes as a whole when the command line makes a choice of its own", () => {
    expect(Result.getOrThrow(parameters(choice, { exchanges: "NSE" })).values).toEqual({
      interval: "default",
      symbols: [],
      exchanges: ["NSE"],
    });
  });
});
