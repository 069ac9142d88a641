import { Plugin, PluginError, Setting } from "@candlewick/core";
import { Effect, Logger, References } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, type Project } from "../project/Project.ts";
import { valuesOf } from "../run/Open.ts";
import { pluginPackage, temporaryFolder, writeFiles } from "../testing/folders.ts";

const failure = new PluginError.PluginError({
  plugin: "job",
  operation: "run",
  reason: new PluginError.Invalid({ message: "not here" }),
});

/** One parameter of each kind, all with defaults. */
const parameters = {
  interval: Setting.literal(["day", "minute"], { description: "Interval", default: "day" }),
  exchanges: Setting.list({ description: "Exchanges", default: ["NSE"] }),
  symbols: Setting.symbols({ description: "Symbols" }),
  from: Setting.optionalDay({ description: "From" }),
  bootstrapDate: Setting.day({ description: "Bootstrap", default: "1995-01-01" }),
  batchSize: Setting.int({ description: "Batch size", default: 5_000, min: 1 }),
  retryAttempts: Setting.int({ description: "Tries", default: 4, min: 1, max: 20 }),
  retryDelay: Setting.duration({ description: "Pause", default: 1_000 }),
  confirm: Setting.flag({ description: "Confirm" }),
};
type Key = keyof typeof parameters;
const keys = Object.keys(parameters) as ReadonlyArray<Key>;

const job = Plugin.dag({
  id: "job",
  summary: "A job",
  parameters,
  needs: [],
  after: [],
  prerequisites: () => Effect.fail(failure),
  plan: () => Effect.fail(failure),
  run: () => Effect.fail(failure),
}) as unknown as Plugin.DagPlugin;

const day = fc.date({
  min: new Date("1990-01-01"),
  max: new Date("2040-01-01"),
  noInvalidDate: true,
}).map((date) => date.toISOString().slice(0, 10));
const word = fc.stringMatching(/^[A-Z]{1,6}$/);

/** A value as a file may spell it, and what the DAG must get for it. */
type Spelled = readonly [written: unknown, meant: unknown];
const same = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Spelled> => values.map((value) => [value, value]);
const list = (items: fc.Arbitrary<string>): fc.Arbitrary<Spelled> =>
  fc.array(items).chain((all) => fc.constantFrom<Spelled>([all, all], [all.join(","), all]));
const number = (numbers: fc.Arbitrary<number>): fc.Arbitrary<Spelled> =>
  numbers.chain((value) => fc.constantFrom<Spelled>([value, value], [String(value), value]));

const spelled: { readonly [K in Key]: fc.Arbitrary<Spelled> } = {
  interval: same(fc.constantFrom("day", "minute")),
  exchanges: list(word),
  symbols: list(fc.tuple(word, word).map(([exchange, symbol]) => `${exchange}:${symbol}&-${symbol}`)),
  from: same(day),
  bootstrapDate: same(day),
  batchSize: number(fc.integer({ min: 1, max: 1_000_000 })),
  retryAttempts: number(fc.integer({ min: 1, max: 20 })),
  retryDelay: fc.nat(100_000).chain((value) =>
    fc.constantFrom<Spelled>([value, value], [`${value}ms`, value], [`${value}s`, value * 1_000])
  ),
  confirm: fc.boolean().chain((value) => fc.constantFrom<Spelled>([value, value], [String(value), value])),
};

/** Some of the parameters, spelled. */
const someParameters = fc.record(spelled, { requiredKeys: [] });

const written = (given: Partial<Record<Key, Spelled>>) =>
  Object.fromEntries(Object.entries(given).map(([key, [value]]) => [key, value]));
const meant = (given: Partial<Record<Key, Spelled>>) =>
  Object.fromEntries(Object.entries(given).map(([key, [, value]]) => [key, value]));

const defaults = Object.fromEntries(keys.map((key) => [key, parameters[key].fallback]));

/** What a run hands to the DAG, and what it logs of it. */
const handedOver = (project: Project) => {
  const logged: Array<{ readonly level: string; readonly message: string }> = [];
  const values = Effect.runSync(
    valuesOf(project, { entry: project.dags[0]!, plugin: job }, {}, undefined).pipe(
      Effect.provide(Logger.layer([Logger.make(({ logLevel, message }) => {
        logged.push({ level: logLevel, message: String(message) });
      })])),
      Effect.provideService(References.MinimumLogLevel, "Debug"),
    ),
  );
  return { values, logged };
};

/** Runs `check` on many configurations, in one folder whose DAG has a `config.json`. */
const forConfigurations = <A>(
  configurations: fc.Arbitrary<A>,
  check: (configuration: A, project: (files: Readonly<Record<string, unknown>>) => Project) => void,
): void => {
  using folder = temporaryFolder({
    "package.json": { name: "mine", workspaces: ["dags/*"] },
    "dags/job/package.json": pluginPackage("dag", "job"),
  });
  fc.assert(
    fc.property(configurations, (configuration) =>
      check(configuration, (files) => {
        writeFiles(folder.path, { "config/config.json": {}, ".env": "", ...files });
        return Effect.runSync(open(folder.path, () => undefined));
      })),
    { numRuns: 200 },
  );
};

describe("the configuration of a DAG", () => {
  it("002-P19: DAG configuration loading: from the config.json in its folder", () => {
    const sections = fc.record({
      enabled: fc.boolean(),
      schedule: fc.string(),
      description: fc.string(),
      parameters: someParameters,
    }, { requiredKeys: [] });
    forConfigurations(sections, (section, project) => {
      const { parameters: given = {}, ...rest } = section;
      const loaded = project({ "dags/job/config.json": { ...rest, parameters: written(given) } });
      const [entry] = loaded.dags;
      expect(entry).toMatchObject({
        id: "job",
        enabled: section.enabled ?? true,
        schedule: section.schedule ?? "",
        description: section.description ?? "The dag job",
      });
      expect(entry?.disabledBy).toBe(section.enabled === false ? "dags/job/config.json: enabled" : undefined);
      expect(handedOver(loaded).values).toEqual({ ...defaults, ...meant(given) });
    });
  });

  it("002-P19: DAG configuration loading: config/config.json counts more, key by key", () => {
    const both = fc.record({ beside: someParameters, above: someParameters, off: fc.boolean() });
    forConfigurations(both, ({ beside, above, off }, project) => {
      const loaded = project({
        "dags/job/config.json": { enabled: !off, parameters: written(beside) },
        "config/config.json": { dags: { job: { enabled: off, parameters: written(above) } } },
      });
      expect(loaded.dags[0]?.enabled).toBe(off);
      expect(handedOver(loaded).values).toEqual({ ...defaults, ...meant(beside), ...meant(above) });
    });
  });

  it("002-P20: Configuration parsing completeness: every parameter given reaches the DAG, however it is spelled", () => {
    forConfigurations(fc.record(spelled), (given, project) => {
      const loaded = project({ "dags/job/config.json": { parameters: written(given) } });
      const { values, logged } = handedOver(loaded);
      expect(values).toEqual(meant(given));
      expect(logged).toEqual([]);
    });
  });

  it("002-P20: Configuration parsing completeness: also by way of variables in .env", () => {
    forConfigurations(fc.record(spelled), (given, project) => {
      const texts = Object.entries(given).filter(([, [value]]) => typeof value === "string" && value !== "");
      const loaded = project({
        "dags/job/config.json": {
          parameters: {
            ...written(given),
            ...Object.fromEntries(texts.map(([key]) => [key, `\${MY_${key}}`])),
          },
        },
        ".env": texts.map(([key, [value]]) => `MY_${key}='${value}'\n`).join(""),
      });
      expect(handedOver(loaded).values).toEqual(meant(given));
    });
  });

  it("002-P21: Default value fallback: a missing parameter takes its default, and the log says so", () => {
    forConfigurations(someParameters, (given, project) => {
      const loaded = project({ "dags/job/config.json": { parameters: written(given) } });
      const { values, logged } = handedOver(loaded);
      const missing = keys.filter((key) => !(key in given));
      for (const key of missing) expect(values[key]).toEqual(parameters[key].fallback);
      expect(logged.map(({ message }) => message)).toEqual(
        missing.map((key) =>
          `job: parameter ${key} is not given, taking ${JSON.stringify(parameters[key].fallback) ?? "none"}`
        ),
      );
    });
  });
});
