import { Setting } from "@candlewick/core";
import { describe, expect, it } from "vitest";
import { flagName, variableName } from "./Naming.ts";

const plain = Setting.text({ description: "" });

it.each([
  ["from", "from"],
  ["batchSize", "batch-size"],
  ["instrumentTypes", "instrument-types"],
])("%s as a flag is --%s", (key, flag) => expect(flagName(key)).toBe(flag));

describe("as a variable", () => {
  it.each([
    ["kite", "apiKey", "KITE_API_KEY"],
    ["historic", "from", "HISTORIC_FROM"],
    ["angel-one", "requestTimeout", "ANGEL_ONE_REQUEST_TIMEOUT"],
  ])("%s's %s is %s", (plugin, key, name) => expect(variableName(plugin, key, plain)).toBe(name));

  it("a setting may have a name of its own", () => {
    expect(variableName("postgres", "url", Setting.text({ description: "", env: "DATABASE_URL" })))
      .toBe("DATABASE_URL");
  });
});
