import { describe, expect, it } from "vitest";
import { bundledBy, entriesOf, packedManifest } from "./packed-manifest.ts";

const manifest = {
  name: "@candlewick/source-x",
  version: "1.2.3",
  private: true,
  license: "MIT",
  exports: { ".": "./src/index.ts", "./testing": "./src/testing/index.ts", "./data/*": "./data/*" },
  candlewick: {
    kind: "source",
    id: "x",
    core: 1,
    entry: "./src/plugin.ts",
    summary: "X",
    net: ["x.example:443"],
  },
  nx: { targets: {} },
  dependencies: {
    "@candlewick/core": "0.1.0",
    "@candlewick/vendor-http": "0.1.0",
    effect: "4.1.0",
    otplib: "13.5.0",
  },
  devDependencies: { kiteconnect: "5.3.0" },
};

describe("the package.json of a published plugin", () => {
  it("names compiled files, keeps the rest of the manifest, and drops what only the workspace needs", () => {
    expect(packedManifest(manifest)).toEqual({
      name: "@candlewick/source-x",
      version: "1.2.3",
      description: "X",
      keywords: ["candlewick"],
      license: "MIT",
      type: "module",
      exports: { ".": "./dist/index.js", "./testing": "./dist/testing/index.js", "./data/*": "./data/*" },
      candlewick: { ...manifest.candlewick, entry: "./dist/plugin.js" },
      dependencies: { "@candlewick/vendor-http": "0.1.0", otplib: "13.5.0" },
      bundleDependencies: ["@candlewick/vendor-http"],
      peerDependencies: { "@candlewick/core": "^0.1.0", effect: "^4.1.0" },
    });
  });

  it("has the name its author gives it", () => {
    expect(packedManifest(manifest, "@me/x")).toMatchObject({ name: "@me/x" });
  });

  it("shares core and effect with the runner, and brings other libraries of the workspace along", () => {
    expect(bundledBy(manifest)).toEqual(["@candlewick/vendor-http"]);
  });
});

it("compiles what is exported, and the plugin", () => {
  expect(entriesOf(manifest)).toEqual(["./src/index.ts", "./src/testing/index.ts", "./src/plugin.ts"]);
});
