import { expect, it } from "vitest";
import { withPackage } from "./lock-file.ts";

it("adds the package and its link where npm would, and leaves the rest alone", () => {
  const lock = {
    name: "candlewick",
    lockfileVersion: 3,
    packages: {
      "": { workspaces: ["libs/*"] },
      "libs/core": { name: "@candlewick/core", version: "0.1.0" },
      "libs/zebra": { name: "@candlewick/zebra", version: "0.1.0" },
      "node_modules/effect": { version: "4.1.0" },
    },
  };
  const manifest = { name: "@candlewick/sink-x", version: "0.1.0", dependencies: { effect: "4.1.0" } };
  const changed = withPackage(JSON.stringify(lock), "libs/sink-x", manifest);
  expect(Object.keys(JSON.parse(changed).packages)).toEqual([
    "",
    "libs/core",
    "libs/sink-x",
    "libs/zebra",
    "node_modules/@candlewick/sink-x",
    "node_modules/effect",
  ]);
  expect(JSON.parse(changed)).toEqual({
    ...lock,
    packages: {
      ...lock.packages,
      "libs/sink-x": manifest,
      "node_modules/@candlewick/sink-x": { resolved: "libs/sink-x", link: true },
    },
  });
});
