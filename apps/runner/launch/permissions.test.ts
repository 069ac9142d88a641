import fc from "fast-check";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../src/testing/folders.ts";
import { askedBy, grantsVariable, hostsOf, permissionFlags, variablesIn } from "./permissions.mjs";

type Asked = NonNullable<ReturnType<typeof askedBy>>;

const plugin = (changes: Partial<Asked> = {}): Asked => ({
  kind: "source",
  id: "vendor",
  folder: "/plugins/vendor",
  for: undefined,
  after: [],
  net: [],
  env: [],
  read: [],
  run: [],
  ffi: [],
  sys: [],
  write: [],
  formats: [],
  unless: [],
  ...changes,
});

const flagsOf = (options: Partial<Parameters<typeof permissionFlags>[0]> = {}) =>
  permissionFlags({
    plugins: [],
    config: {},
    variables: {},
    read: ["/project"],
    project: "/project",
    state: "/project/.candlewick",
    works: true,
    ...options,
  });

/** What a flag grants, as Deno reads it: split at single commas, two stand for one. */
const granted = (flags: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const prefix = `--allow-${name}=`;
  const flag = flags.find((one) => one.startsWith(prefix));
  if (flag === undefined) return [];
  return flag.slice(prefix.length).replaceAll(",,", "\0").split(",").map((item) =>
    item.replaceAll("\0", ",")
  );
};

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

describe("hosts of an address", () => {
  it.each([
    ["postgres://me:secret@db.example/market", ["db.example:5432"]],
    ["postgresql://me@db.example:6543/market", ["db.example:6543"]],
    ["postgres://a.example:1,b.example:2,c.example/x", ["a.example:1", "b.example:2", "c.example:5432"]],
    ["postgres://me:a@b@db.example/x", ["db.example:5432"]],
    ["postgres://me:p%40ss@db.example/x", ["db.example:5432"]],
    ["http://localhost:4000", ["localhost:4000", "127.0.0.1:4000", "[::1]:4000"]],
    ["HTTPS://API.example", ["API.example:443"]],
    ["http://[::1]:80/x", ["[::1]:80"]],
    ["http://10.0.0.1?x", ["10.0.0.1:80"]],
    ["ws://socket.example", ["socket.example"]],
    // Not one of these is a host that Deno would take.
    ["http://a..b", []],
    ["http://host:65536", []],
    ["http://host:", []],
    ["http://[:::]", []],
    ["http://[1.2.3.4]", []],
    ["http://*.example", []],
    ["http://*", []],
    ["http://-a", []],
    ["http://höst", []],
    ["http://a b", []],
    [`http://${"a.".repeat(127)}aa`, []],
    ["/var/run/postgresql", []],
    ["db.example:5432", []],
    ["", []],
  ])("%s: %j", (address, hosts) => expect(hostsOf(address)).toEqual(hosts));
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

describe("whatever stands in a value", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[",", ",,", " ", "\n", "\0", "=", "*", "--allow-all", "--allow-read", "-A", "${X}", "${", "}", "$"],
      ...[
        "@",
        ":",
        "/",
        "://",
        "?",
        "#",
        "\\",
        "[",
        "]",
        "[::]",
        "0.0.0.0",
        "0.0.0.0/0",
        "localhost",
        "a.example",
      ],
      ...[
        "postgres://",
        "http://",
        "https://",
        ":443",
        ":99999",
        "..",
        "é",
        "%2C",
        "user:pass@",
        "~",
        "/etc",
      ],
    ),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.array(tie("value")),
      fc.dictionary(text, tie("value")),
    ),
  })).value;
  const manifest = fc.record({
    kind: fc.constantFrom("source", "sink", "dag", "sandbox"),
    id: text,
    net: fc.array(text),
    env: fc.array(text),
    read: fc.array(text),
    run: fc.array(text),
    ffi: fc.array(text),
    sys: fc.array(text),
  });

  const SHAPE = /^--allow-(read|write|net|env|run|ffi|sys)=[^]+$/;
  const names = (flags: ReadonlyArray<string>) => flags.map((flag) => SHAPE.exec(flag)?.[1]);

  it("flags are of seven kinds, each once and never without a list", () =>
    fc.assert(
      fc.property(fc.array(manifest), json, fc.dictionary(text, text), (plugins, config, variables) => {
        const flags = flagsOf({ plugins: plugins.map(plugin), config, variables });
        expect(names(flags)).not.toContain(undefined);
        expect(new Set(names(flags)).size).toBe(flags.length);
        expect(granted(flags, "write")).toEqual(["/project/.candlewick"]);
        for (const name of granted(flags, "env")) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*\*?$/);
      }),
      { numRuns: 1_000 },
    ));

  it("a variable widens nothing but the hosts, and those by the hosts it names", () =>
    fc.assert(
      fc.property(text, (value) => {
        const plugins = [
          plugin({ net: ["api.example:443", "${VENDOR_ROOT}"], env: ["VENDOR_*"], sys: ["uid"] }),
        ];
        const [before, after] = [{}, { VENDOR_ROOT: value, X: value }].map((variables) =>
          flagsOf({ plugins, variables })
        );
        const others = (flags: ReadonlyArray<string>) =>
          flags.filter((flag) => !flag.startsWith("--allow-net"));
        expect(others(after!)).toEqual(others(before!));
        expect(new Set(granted(after!, "net"))).toEqual(
          new Set([...granted(before!, "net"), ...hostsOf(value)]),
        );
      }),
      { numRuns: 1_000 },
    ));

  it("a host is a plain one, and stands in the value", () =>
    fc.assert(
      fc.property(text, (value) => {
        for (const host of hostsOf(value)) {
          expect(host).toMatch(/^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i);
          const name = host.replace(/:\d+$/, "");
          expect(/^(127\.0\.0\.1|\[::1\])$/.test(name) ? "localhost" : name)
            .toSatisfy((one: string) =>
              value.toLowerCase().includes(one.toLowerCase()) || value.includes(name)
            );
        }
      }),
      { numRuns: 1_000 },
    ));

  it("a path stays one path", () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (paths) => {
        fc.pre(paths.every((path) => !path.includes("\0")));
        const flags = flagsOf({ read: paths.map((path) => `/${path}/`) });
        expect(granted(flags, "read")).toEqual([...new Set(paths.map((path) => `/${path}/`))].sort());
      }),
      { numRuns: 500 },
    ));
});
