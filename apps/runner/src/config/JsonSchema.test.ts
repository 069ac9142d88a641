import { Setting } from "@candlewick/core";
import { Effect, Result } from "effect";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workspace } from "../../e2e/workspace.ts";
import { open } from "../project/Project.ts";
import { packageWithOurPlugins, temporaryFolder, writeFiles } from "../testing/folders.ts";
import { parseConfig } from "./ConfigFile.ts";
import { configSchema, type Configurable, printSchema } from "./JsonSchema.ts";

const text = (path: string): string => readFileSync(join(workspace, path), "utf8");

const typesOf = (value: unknown): ReadonlyArray<string> =>
  value === null
    ? ["null"]
    : Array.isArray(value)
    ? ["array"]
    : Number.isInteger(value)
    ? ["integer", "number"]
    : [typeof value];

/** Judges a value by the few keywords that the schema uses; fails on any other. */
const accepts = (schema: Readonly<Record<string, unknown>>, value: unknown): boolean =>
  Object.entries(schema).every(([keyword, argument]) => {
    const fields = typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
    switch (keyword) {
      case "$schema":
      case "title":
      case "description":
      case "default":
        return true;
      case "type":
        return typesOf(value).includes(argument as string);
      case "enum":
        return (argument as ReadonlyArray<unknown>).includes(value);
      case "anyOf":
        return (argument as ReadonlyArray<typeof schema>).some((one) => accepts(one, value));
      case "minimum":
        return typeof value !== "number" || value >= (argument as number);
      case "maximum":
        return typeof value !== "number" || value <= (argument as number);
      case "minLength":
        return typeof value !== "string" || value.length >= (argument as number);
      case "pattern":
        return typeof value !== "string" || new RegExp(argument as string).test(value);
      case "items":
        return !Array.isArray(value) || value.every((item) => accepts(argument as typeof schema, item));
      case "properties":
        return Object.entries(fields ?? {}).every(([key, inner]) => {
          const property = (argument as Record<string, typeof schema>)[key];
          return property === undefined || accepts(property, inner);
        });
      case "additionalProperties":
        return argument !== false ||
          Object.keys(fields ?? {}).every((key) => key in (schema["properties"] as object));
      default:
        throw new Error(`unknown keyword ${keyword}`);
    }
  });

const settings = {
  text: Setting.text({ description: "Text" }),
  optionalText: Setting.optionalText({ description: "Text" }),
  secret: Setting.secret({ description: "Secret" }),
  int: Setting.int({ description: "Number", default: 3, min: 1, max: 9 }),
  flag: Setting.flag({ description: "Flag" }),
  literal: Setting.literal(["day", "minute"], { description: "Word", default: "day" }),
  list: Setting.list({ description: "List", default: ["NSE"] }),
  symbols: Setting.symbols({ description: "Symbols" }),
  day: Setting.day({ description: "Day", default: "1995-01-01" }),
  optionalDay: Setting.optionalDay({ description: "Day" }),
  duration: Setting.duration({ description: "Time", default: 30_000 }),
  url: Setting.url({ description: "Address", env: "THE_URL" }),
};

const plugins: Configurable = {
  sources: [{ id: "vendor", summary: "A vendor", settings }],
  sinks: [],
  dags: [{ id: "job", summary: "A job", parameters: settings }],
};
const schema = configSchema(plugins);

const isAllowed = (key: string, value: unknown): boolean =>
  accepts(schema, { sources: { vendor: { [key]: value } } }) &&
  accepts(schema, { dags: { job: { parameters: { [key]: value } } } });

describe("the schema of a setting", () => {
  const someValue = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "day",
      "minute",
      "30s",
      "NSE,BSE",
      "NSE:INFY",
      "2024-02-29",
      "true",
      "http://x.example",
      "7",
    ),
    fc.constantFrom(["NSE", "BSE"], ["NSE:M&M"], 5, 30_000, true, "${NAME}"),
  );

  it.each(Object.entries(settings))("of %s allows every value that the program takes", (key, setting) => {
    fc.assert(
      fc.property(someValue, (value) => {
        if (Result.isSuccess(Setting.decode<unknown>(setting, value))) {
          expect(isAllowed(key, value)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.keys(settings))("of %s allows a reference to a variable, and no null", (key) => {
    expect(isAllowed(key, "${NAME}")).toBe(true);
    expect(isAllowed(key, null)).toBe(false);
  });

  it.each([
    ["text", ""],
    ["text", 1],
    ["int", 0],
    ["int", 10],
    ["int", 1.5],
    ["flag", 1],
    ["literal", "week"],
    ["list", [""]],
    ["list", [1]],
    ["list", { NSE: true }],
    ["duration", -1],
    ["url", ["http://x.example"]],
  ])("of %s warns of %j", (key, value) => expect(isAllowed(key, value)).toBe(false));

  it("names the default and the variable, of a secret the better place", () => {
    const property = (key: string) =>
      JSON.parse(JSON.stringify(schema)).properties.sources.properties.vendor.properties[key];
    expect(property("duration")).toMatchObject({
      default: 30_000,
      description:
        "Time. Expected: a length of time such as 250ms, 30s, 5m or 1h. Environment: VENDOR_DURATION",
    });
    expect(property("list").default).toEqual(["NSE"]);
    expect(property("url").description).toContain("Environment: THE_URL");
    expect(property("secret")).toEqual({
      type: "string",
      minLength: 1,
      description: "Secret. Better kept in .env, as VENDOR_SECRET",
    });
    expect(property("optionalText")).not.toHaveProperty("default");
  });
});

describe("the schema of a configuration", () => {
  it("knows the keys that the program knows, and no others", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          "plugins",
          "source",
          "sink",
          "sources",
          "sinks",
          "dags",
          "logging",
          "$schema",
          "log",
          "dag",
        ),
        fc.constantFrom<unknown>([], {}, "vendor", 1, null, { level: "warn" }, { level: "loud" }, ["x"]),
        (key, value) => {
          const isTaken = parseConfig("config.json", { [key]: value }).problems.length === 0;
          const isAllowed = accepts(schema, { [key]: value });
          if (isAllowed) expect(isTaken).toBe(true);
          // Which ids there are, the program asks after it has read the file; $schema is for editors alone.
          else if (isTaken) expect(["source", "sink", "sources", "sinks", "dags", "$schema"]).toContain(key);
        },
      ),
      { numRuns: 300 },
    ));

  it("knows which plugins there are", () => {
    expect(accepts(schema, { source: "vendor", sources: { vendor: {} }, dags: { job: { enabled: false } } }))
      .toBe(true);
    for (const wrong of [{ source: "other" }, { sources: { other: {} } }, { dags: { job: { on: true } } }]) {
      expect(accepts(schema, wrong)).toBe(false);
    }
  });
});

describe("the project's own files", () => {
  it("hold the schema as the plugins have it now; npx candlewick --print-schema makes it anew", async () => {
    using folder = temporaryFolder();
    writeFiles(folder.path, { "package.json": packageWithOurPlugins(folder.path) });
    const project = await Effect.runPromise(open(folder.path, () => undefined));
    expect(text("config/config.schema.json").trimEnd()).toBe(await Effect.runPromise(printSchema(project)));
  });

  it("hold an example that the schema allows", () => {
    const current = JSON.parse(text("config/config.schema.json"));
    expect(accepts(current, JSON.parse(text("config/config.example.json")))).toBe(true);
  });
});
