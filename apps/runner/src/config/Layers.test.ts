import { Setting } from "@candlewick/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromFile, fromValues, fromVariables, unknownKeys } from "./Layers.ts";
import { make } from "./Variables.ts";

const setting = Setting.text({ description: "" });
const variables = make((name) => name === "KITE_API_KEY" ? "key" : undefined, {});

describe("settings from a section of a file", () => {
  const layer = fromFile(
    {
      root: "http://${HOST}/",
      apiKey: "${KITE_API_KEY}",
      none: null,
      list: ["a", "${KITE_API_KEY}"],
      zero: 0,
    },
    "config/config.json: sources.kite",
    variables,
  );

  it("have their variables put in", () => {
    const origin = "config/config.json: sources.kite";
    expect(layer("apiKey", setting)).toEqual({ value: "key", origin: `${origin}.apiKey` });
    expect(layer("list", setting)).toEqual({ value: ["a", "key"], origin: `${origin}.list` });
    expect(layer("zero", setting)).toEqual({ value: 0, origin: `${origin}.zero` });
    expect(layer("absent", setting)).toBeUndefined();
  });

  it("that need a variable that is not set are a problem which names file, key, variable and the way out", () => {
    expect(layer("root", setting)).toEqual({
      problem: "config/config.json: sources.kite.root refers to ${HOST}, which is not set: " +
        "set HOST in the environment or in .env, or remove the key",
    });
  });

  it("that are null are a problem", () => {
    expect(layer("none", setting)).toEqual({
      problem: "config/config.json: sources.kite.none: null is no value; remove the key for the default",
    });
  });

  it("are never what objects have by themselves", () => expect(layer("toString", setting)).toBeUndefined());
});

it("settings from variables go by the plugin and the key", () => {
  expect(fromVariables("kite", variables)("apiKey", setting)).toEqual({
    value: "key",
    origin: "environment variable KITE_API_KEY",
  });
  expect(fromVariables("kite", variables)("root", setting)).toBeUndefined();
});

it("settings that are known already name where they come from", () => {
  const layer = fromValues({ root: "http://127.0.0.1:1" }, "kite-sandbox");
  expect(layer("root", setting)).toEqual({ value: "http://127.0.0.1:1", origin: "kite-sandbox: root" });
  expect(layer("hasOwnProperty", setting)).toBeUndefined();
});

describe("keys that are no settings", () => {
  it("are each named, with the one that was probably meant or all there are", () => {
    expect(unknownKeys({ apikey: 1, root: 2, colour: 3 }, { apiKey: setting, root: setting }, "here"))
      .toEqual([
        'here: unknown key "apikey"; did you mean "apiKey"?',
        'here: unknown key "colour"; known are apiKey, root',
      ]);
    expect(unknownKeys({ x: 1 }, [], "here")).toEqual(['here: unknown key "x"; known are none']);
  });

  it("are exactly those", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.nat()), fc.array(fc.string()), (section, known) => {
        const unknown = Object.keys(section).filter((key) => !known.includes(key));
        expect(unknownKeys(section, known, "here")).toHaveLength(unknown.length);
      }),
      { numRuns: 200 },
    ));
});
