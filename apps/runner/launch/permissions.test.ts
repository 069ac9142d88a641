import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../src/testing/folders.ts";
import { flagsOf, granted, plugin } from "../src/testing/permissions.ts";
import { askedBy, grantsVariable, variablesIn } from "./permissions.mjs";

const OWN = ["CANDLEWICK_*", "FORCE_COLOR", "NO_COLOR", "TERM"];

describe("the permissions of a program", () => {
  it("that works are its folders, its own variables and loopback", () => {
    expect(flagsOf()).toEqual([
      "--allow-read=/project",
      "--allow-write=/project/.candlewick",
      "--allow-net=127.0.0.1",
      `--allow-env=${OWN.join(",")}`,
    ]);
  });

  it("that only shows something neither write nor talk", () => {
    expect(flagsOf({ works: false })).toEqual(["--allow-read=/project", `--allow-env=${OWN.join(",")}`]);
  });

  it("reach the hosts a plugin declares, with their ports", () => {
    const flags = flagsOf({
      plugins: [plugin({ net: ["api.example:443", "${VENDOR_ROOT}", "localhost:80", "no host", "*", ""] })],
      variables: { VENDOR_ROOT: "https://user:pass@proxy.example/path?x=1" },
    });
    expect(granted(flags, "net")).toEqual([
      "127.0.0.1",
      "127.0.0.1:80",
      "[::1]:80",
      "api.example:443",
      "localhost:80",
      "proxy.example:443",
    ]);
  });

  it("reach hosts of addresses in a source's or sink's section of the configuration, of no other plugin", () => {
    const config = {
      sources: { vendor: { root: "http://vendor.example:81" }, other: { root: "http://other.example" } },
      sinks: {
        store: { url: "postgres://me@${DB_HOST}/x", note: "see https" },
        vendor: { url: "http://no" },
      },
      dags: { vendor: { parameters: { url: "http://dag.example" } } },
    };
    const flags = flagsOf({
      config,
      plugins: [plugin(), plugin({ kind: "sink", id: "store" }), plugin({ kind: "dag", id: "vendor" })],
      variables: { DB_HOST: "db.example" },
    });
    expect(granted(flags, "net")).toEqual(["127.0.0.1", "db.example:5432", "vendor.example:81"]);
  });

  it("read the variables of a plugin, by its id and as declared, and those the configuration refers to", () => {
    const flags = flagsOf({
      config: { sources: { x: { a: ["${ONE}", { b: "${TWO}-${THREE}" }] } } },
      plugins: [plugin({ id: "angel-one", env: ["PG*", "DATABASE_URL", "*", "A B", "1X", "X=1", ""] })],
    });
    expect(granted(flags, "env")).toEqual(
      [...OWN, "ANGEL_ONE_*", "DATABASE_URL", "ONE", "PG*", "THREE", "TWO"].sort(),
    );
  });

  it("ask of the system what a plugin declares, if Deno knows it", () => {
    const flags = flagsOf({ plugins: [plugin({ sys: ["uid", "nonsense", "uid", "", "hostname,cpus"] })] });
    expect(granted(flags, "sys")).toEqual(["uid"]);
  });

  it("write to the folders of files that a plugin's settings name, and to those the command line names", () => {
    const plugins = [plugin({ kind: "sink", write: ["VENDOR_PATH", "path"] })];
    const own = "/project/.candlewick";
    const written = (options: Parameters<typeof flagsOf>[0]) =>
      granted(flagsOf({ plugins, ...options }), "write");
    expect(written({})).toEqual([own]);
    expect(written({ variables: { VENDOR_PATH: "data/market.db" } })).toEqual([own, "/project/data"]);
    expect(
      written({ config: { sinks: { vendor: { path: "${HOME}/market.db" } } }, variables: { HOME: "/me" } }),
    )
      .toEqual(["/me", own]);
    expect(written({ write: ["/out"] })).toEqual(["/out", own]);
    const flags = flagsOf({ plugins, write: ["/out"], variables: { VENDOR_PATH: "/data/market.db" } });
    expect(granted(flags, "read")).toEqual(["/data", "/out", "/project"]);
    expect(granted(flagsOf({ plugins, write: ["/out"], works: false }), "write")).toEqual([]);
  });

  it("load native libraries that a plugin names", () => {
    const flags = flagsOf({ plugins: [plugin({ ffi: ["./native.node", "npm:absent/native.node"] })] });
    expect(granted(flags, "ffi")).toEqual(["/plugins/vendor/native.node"]);
  });

  it("start programs that a plugin names: of its package, of another, of the state folder, of the path", () => {
    using folder = temporaryFolder({
      "vendor/package.json": {},
      "node_modules/binaries/package.json": {},
    });
    const own = join(folder.path, "vendor");
    const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
    mkdirSync(join(folder.path, `node_modules/@other/${platform}`), { recursive: true });
    const flags = flagsOf({
      plugins: [plugin({
        folder: own,
        run: ["./tool", "bin/tool", "psql", "/usr/bin/env", "npm:binaries/bin/a", "npm:absent/bin/a"],
        read: ["npm:@other/{platform}/share", "{state}/data"],
      })],
    });
    expect(granted(flags, "run")).toEqual(
      [
        join(own, "bin/tool"),
        join(own, "tool"),
        "/usr/bin/env",
        "psql",
        join(realpathSync(join(folder.path, "node_modules/binaries")), "bin/a"),
      ].sort(),
    );
    expect(granted(flags, "read")).toEqual(
      [
        "/project",
        "/project/.candlewick/data",
        join(realpathSync(join(folder.path, `node_modules/@other/${platform}`)), "share"),
      ].sort(),
    );
  });
});

it("a program whose path has a comma is not granted: Deno would take it for two", () => {
  const run = ["npm:absent/a", "{state}/bin/postgres", "psql"];
  expect(granted(flagsOf({ plugins: [plugin({ run })], state: "/a,b" }), "run")).toEqual(["psql"]);
});

describe("a manifest", () => {
  const asked = (field: unknown) => askedBy({ name: "x", folder: "/x", field });

  it.each([undefined, null, "source", [], {}, { kind: "source" }, { kind: 1, id: "x" }, {
    kind: "source",
    id: [],
  }])(
    "%j asks for nothing",
    (field) => expect(asked(field)).toBeUndefined(),
  );

  it("of the wrong shape is granted nothing of that", () => {
    expect(
      asked({ kind: "source", id: "x", net: "*", env: { A: 1 }, run: [1, "a", null], sys: true, for: 7 }),
    )
      .toMatchObject({ net: [], env: [], run: ["a"], sys: [], read: [], for: undefined });
  });
});

it("names the variables of a configuration, however deep", () => {
  expect(variablesIn({ a: "${A}${B}", b: [{ c: "x${C}" }], d: 1, e: null, f: "${1}" })).toEqual([
    "A",
    "B",
    "C",
  ]);
});

it.each([
  ["KITE_API_KEY", true],
  ["KITE_", true],
  ["KITE", false],
  ["DATABASE_URL", true],
  ["DATABASE_URL_2", false],
  ["PATH", false],
])("grants %s: %s", (name, isGranted) => {
  expect(grantsVariable(name, ["--allow-read=KITE,PATH", "--allow-env=DATABASE_URL,KITE_*"])).toBe(isGranted);
  expect(grantsVariable(name, [])).toBe(false);
});
