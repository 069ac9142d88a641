import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyConfig, logLevels, parseConfig } from "./ConfigFile.ts";

const FILE = "config/config.json";
const problemsOf = (value: unknown) => parseConfig(FILE, value).problems;

describe("config/config.json", () => {
  it("may be empty", () => {
    expect(parseConfig(FILE, {})).toEqual({ config: emptyConfig, problems: [] });
  });

  it("is read as a whole", () => {
    const { config, problems } = parseConfig(FILE, {
      $schema: "./config.schema.json",
      plugins: ["@mine/source"],
      source: "kite",
      sink: "postgres",
      sources: { kite: { root: "http://x" } },
      sinks: { postgres: {} },
      dags: { historic: { enabled: false, parameters: { interval: "day" } } },
      logging: { level: "warn" },
      waitForLogin: "15m",
    });
    expect(problems).toEqual([]);
    expect(config).toEqual({
      plugins: ["@mine/source"],
      source: "kite",
      sink: "postgres",
      sources: { kite: { root: "http://x" } },
      sinks: { postgres: {} },
      dags: {
        historic: {
          where: "config/config.json: dags.historic",
          enabled: false,
          parameters: { interval: "day" },
        },
      },
      logLevel: "warn",
      waitForLogin: 900_000,
    });
  });

  it.each([
    [[], ["config/config.json: expected an object"]],
    ["text", ["config/config.json: expected an object"]],
    [null, ["config/config.json: expected an object"]],
    [{ souce: "kite" }, ['config/config.json: unknown key "souce"; did you mean "source"?']],
    [{ source: 1 }, ["config/config.json: source: expected the id of a source"]],
    [{ sink: ["postgres"] }, ["config/config.json: sink: expected the id of a sink"]],
    [{ plugins: "x" }, ["config/config.json: plugins: expected a list of package names"]],
    [{ plugins: ["x", 1] }, ["config/config.json: plugins: expected a list of package names"]],
    [{ sources: [] }, ["config/config.json: sources: expected an object with an entry for each id"]],
    [{ sinks: { postgres: "x" } }, ["config/config.json: sinks.postgres: expected an object"]],
    [{ dags: { historic: true } }, ["config/config.json: dags.historic: expected an object"]],
    [{ dags: { historic: { enabled: "no" } } }, [
      'config/config.json: dags.historic.enabled: expected true or false, got "no"',
    ]],
    [{ dags: { historic: { interval: "day" } } }, [
      'config/config.json: dags.historic: unknown key "interval"; known are enabled, schedule, description, parameters',
    ]],
    [{ waitForLogin: "-1s" }, [
      'config/config.json: waitForLogin: expected a length of time such as 250ms, 30s, 5m or 1h, got "-1s"',
    ]],
    [{ logging: "info" }, ['config/config.json: logging: expected an object such as { "level": "info" }']],
    [{ logging: { level: "loud" } }, [
      "config/config.json: logging.level: expected one of debug, info, warn, error",
    ]],
    [{ logging: { levels: "info" } }, [
      'config/config.json: logging: unknown key "levels"; did you mean "level"?',
    ]],
  ])("%j is refused", (value, problems) => expect(problemsOf(value)).toEqual(problems));

  it("names all problems at once", () => {
    expect(problemsOf({ a: 1, source: 1, dags: { x: { on: 1 } }, logging: 1 })).toHaveLength(4);
  });

  it("is judged, whatever it is, and never half: what has no problem is taken over", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            plugins: fc.array(fc.string()),
            source: fc.string(),
            sink: fc.string(),
            sources: fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())),
            sinks: fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())),
            logging: fc.record({ level: fc.constantFrom(...logLevels) }),
          }, { requiredKeys: [] }),
        ),
        (value) => {
          const { config, problems } = parseConfig(FILE, value);
          if (problems.length > 0) return;
          const given = value as Record<string, unknown>;
          for (const key of ["plugins", "source", "sink", "sources", "sinks"] as const) {
            if (key in given) expect(config[key]).toEqual(given[key]);
          }
        },
      ),
      { numRuns: 500 },
    ));
});
