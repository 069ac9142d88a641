import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { make, substitute } from "./Variables.ts";

const variablesOf = (
  environment: Readonly<Record<string, string>>,
  dotEnv: Readonly<Record<string, string>> = {},
) => make((name) => Object.hasOwn(environment, name) ? environment[name] : undefined, dotEnv);

describe("a variable", () => {
  it.each([
    ["the environment alone", { A: "1" }, {}, { value: "1", origin: "environment variable A" }],
    [".env alone", {}, { A: "2" }, { value: "2", origin: ".env: A" }],
    ["both", { A: "1" }, { A: "2" }, { value: "1", origin: "environment variable A" }],
    ["both, the launcher having handed .env on", { A: "2" }, { A: "2" }, { value: "2", origin: ".env: A" }],
    [".env where the environment sets it to nothing", { A: "" }, { A: "2" }, {
      value: "2",
      origin: ".env: A",
    }],
    ["none", {}, {}, undefined],
    ["none that is more than nothing", { A: "" }, {}, undefined],
  ])("from %s", (_, environment, dotEnv, found) => {
    expect(variablesOf(environment as Record<string, string>, dotEnv as Record<string, string>)("A")).toEqual(
      found,
    );
  });

  it("is never what objects have by themselves", () => {
    expect(variablesOf({})("toString")).toBeUndefined();
    expect(variablesOf({})("constructor")).toBeUndefined();
  });
});

describe("substitution", () => {
  const variables = variablesOf({ USER: "me", PASSWORD: "a$b${c}" });

  it.each([
    ["${USER}", "me"],
    ["postgres://${USER}:${PASSWORD}@host/db", "postgres://me:a$b${c}@host/db"],
    ["$USER", "$USER"],
    ["${}", "${}"],
    ["${1A}", "${1A}"],
    ["${USER", "${USER"],
    [7, 7],
    [true, true],
    [["${USER}", 1, ["x${USER}"]], ["me", 1, ["xme"]]],
    [{ a: "${USER}", "${USER}": null }, { a: "me", "${USER}": null }],
  ])("turns %j into %j", (value, substituted) => {
    expect(substitute(value, variables)).toEqual({ value: substituted });
  });

  it("names the first variable that is not set", () => {
    expect(substitute(["${USER}", { a: "${HOST}" }, "${PORT}"], variables)).toEqual({ missing: "HOST" });
  });

  it("leaves a value without references as it is", () =>
    fc.assert(
      fc.property(fc.jsonValue().filter((value) => !JSON.stringify(value).includes("${")), (value) => {
        expect(substitute(value, variablesOf({}))).toEqual({ value });
      }),
      { numRuns: 300 },
    ));

  it("puts values in letter for letter, and never looks for references inside them", () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!`${before}${after}`.includes("$"));
        expect(substitute(`${before}\${A}${after}`, variablesOf({ A: value }))).toEqual({
          value: before + value + after,
        });
      }),
      { numRuns: 300 },
    ));
});
