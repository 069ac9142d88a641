import fc from "fast-check";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageWithOurPlugins, temporaryFolder, writeFiles } from "../src/testing/folders.ts";
import { workspace } from "../e2e/workspace.ts";
import { denoCommand } from "./command.mjs";
import { hostsOf } from "./permissions.mjs";

type Query = Deno.PermissionDescriptor;

/** Runs Deno with these flags on a program that says which of these permissions it has. */
const ask = async (
  flags: ReadonlyArray<string>,
  queries: ReadonlyArray<Query>,
): Promise<ReadonlyArray<string>> => {
  using folder = temporaryFolder({
    "ask.ts":
      `const states = JSON.parse(Deno.args[0]).map((query) => Deno.permissions.querySync(query).state);
console.log(JSON.stringify(states));`,
  });
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-config",
      ...flags,
      join(folder.path, "ask.ts"),
      JSON.stringify(queries),
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
};

/** What the program may do when it is started so, by Deno's own judgement. */
const may = (project: string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) => {
  const flags = denoCommand({ args, env, cwd: project }).args.filter((flag) => flag.startsWith("--allow-"));
  return async (queries: ReadonlyArray<Query>) =>
    (await ask(flags, queries)).map((state) => state === "granted");
};

const project = (files: Readonly<Record<string, unknown>> = {}, name = "project") => {
  const parent = temporaryFolder();
  const folder = join(parent.path, name);
  mkdirSync(folder);
  writeFiles(folder, { "package.json": packageWithOurPlugins(folder), ...files });
  return { folder, parent: parent.path, [Symbol.dispose]: () => parent[Symbol.dispose]() };
};

const read = (path: string): Query => ({ name: "read", path });
const write = (path: string): Query => ({ name: "write", path });
const net = (host: string): Query => ({ name: "net", host });
const env = (variable: string): Query => ({ name: "env", variable });

describe("a run", () => {
  it("reads the project, writes to its state folder, talks to the vendor and loopback, and that is all", async () => {
    using place = project();
    const states = may(place.folder, ["--dag=historic"]);
    expect(
      await states([
        read(join(place.folder, "config/config.json")),
        read(join(workspace, "libs/core/src/index.ts")),
        write(join(place.folder, ".candlewick/logs")),
        net("api.kite.trade:443"),
        net("127.0.0.1:5432"),
        env("KITE_API_KEY"),
        env("DATABASE_URL"),
        env("HISTORIC_INTERVAL"),
      ]),
    ).toEqual(Array(8).fill(true));
    expect(
      await states([
        read(place.parent),
        read("/etc/hostname"),
        write(place.folder),
        write(join(place.folder, ".env")),
        write(join(place.folder, "config/config.json")),
        write(join(workspace, "libs")),
        net("api.kite.trade:80"),
        net("kite.trade"),
        net("0.0.0.0:80"),
        net("example.com:443"),
        env("HOME"),
        env("PATH"),
        env("AWS_SECRET_ACCESS_KEY"),
        { name: "run", command: "sh" },
        { name: "run" },
        { name: "net" },
        { name: "read" },
        { name: "env" },
        { name: "ffi" },
      ]),
    ).toEqual(Array(19).fill(false));
  });

  it("talks to the hosts of the user's own addresses, from the environment, .env and the configuration", async () => {
    using place = project({
      ".env": "DATABASE_URL=postgres://me:x@db.example/market\nDB=second.example\n",
      "config/config.json": { sinks: { postgres: { url: "postgres://${DB}:6000/x" } } },
    });
    const states = may(place.folder, ["--dag=all"], { KITE_ROOT: "https://proxy.example" });
    expect(
      await states([net("db.example:5432"), net("second.example:6000"), net("proxy.example:443"), env("DB")]),
    ).toEqual([true, true, true, true]);
    expect(await states([net("db.example:5433"), net("proxy.example:80")])).toEqual([false, false]);
  });
});

const allowed = (args: ReadonlyArray<string>, folder: string) =>
  denoCommand({ args, env: {}, cwd: folder }).args.filter((flag) => flag.startsWith("--allow-"));

it("a DAG that only looks at the store is granted no more than one that fetches", () => {
  using place = project();
  const fetching = allowed(["--dag=historic"], place.folder);
  expect(allowed(["--dag=coverage"], place.folder)).toEqual(fetching);
  expect(allowed(["--dag=historic", "--dry-run"], place.folder)).toEqual(fetching);
});

it("the page on security shows what a run without settings is granted", () => {
  const page = readFileSync(join(workspace, "docs/security.md"), "utf8").replaceAll(/,\s+/g, ",");
  using place = project();
  const flags = allowed(["--dag=historic"], place.folder);
  expect(flags.map((flag) => flag.split("=")[0])).toEqual(
    ["--allow-read", "--allow-write", "--allow-net", "--allow-env", "--allow-run", "--allow-sys"],
  );
  for (const name of ["net", "env", "sys"]) {
    expect(page).toContain(flags.find((flag) => flag.startsWith(`--allow-${name}=`)));
  }
});

describe("a database of the user's own", () => {
  const url = "postgres://me:secret-password@db.example/market";
  it.each([
    ["in .env", { ".env": `DATABASE_URL=${url}\n` }, {}],
    ["in the environment", {}, { DATABASE_URL: url }],
    ["in the configuration", { "config/config.json": { sinks: { postgres: { url } } } }, {}],
  ])(
    "%s: no program is started, no account looked up, and no flag has the password",
    async (_, files, env) => {
      using place = project(files);
      const { args } = denoCommand({ args: ["--dag=historic"], env, cwd: place.folder });
      expect(args.filter((flag) => /^--allow-(run|sys)/.test(flag))).toEqual([]);
      expect(args.join(" ")).not.toContain("secret-password");
      const states = may(place.folder, ["--dag=historic"], env);
      expect(await states([net("db.example:5432"), net("api.kite.trade:443")])).toEqual([true, true]);
      expect(
        await states([
          read("/etc/passwd"),
          { name: "run", command: "/usr/bin/unshare" },
          { name: "sys", kind: "uid" },
        ]),
      ).toEqual([false, false, false]);
    },
  );

  it("an empty one counts as none: the embedded server may be started", () => {
    using place = project({ ".env": "DATABASE_URL=\n" });
    const { args } = denoCommand({ args: ["--dag=historic"], env: {}, cwd: place.folder });
    expect(args.some((flag) => flag.startsWith("--allow-run="))).toBe(true);
  });
});

describe.each([["--list"], ["--help"], ["--version"], ["--print-schema"]])("%s", (flag) => {
  it("writes nothing, talks to nobody and starts nothing", async () => {
    using place = project();
    const denied = await may(place.folder, [flag])([
      write(join(place.folder, ".candlewick")),
      net("127.0.0.1"),
      net("api.kite.trade:443"),
      { name: "run", command: "psql" },
    ]);
    expect(denied).toEqual([false, false, false, false]);
  });
});

it("a login talks to the vendor and not to the store", async () => {
  using place = project({ ".env": "DATABASE_URL=postgres://db.example/market\n" });
  const states = may(place.folder, ["login"]);
  expect(
    await states([
      net("api.kite.trade:443"),
      net("127.0.0.1:7411"),
      write(join(place.folder, ".candlewick")),
    ]),
  ).toEqual([true, true, true]);
  expect(await states([net("db.example:5432"), env("DATABASE_URL")])).toEqual([false, false]);
});

it.each(["a,b", ",", "a,,b", "with space", "--allow-all", "é=x", "a,/etc"])(
  "a project in a folder named %j gets that folder and no other",
  async (name) => {
    using place = project({}, name.replaceAll("/", "_"));
    const [before] = place.folder.split(",");
    const states = await may(place.folder, ["--dag=historic"])([
      read(place.folder),
      write(join(place.folder, ".candlewick")),
      ...(before === place.folder ? [] : [read(before!), write(before!)]),
      read("/etc"),
    ]);
    expect(states.slice(0, 2)).toEqual([true, true]);
    expect(states.slice(2)).toEqual(states.slice(2).map(() => false));
  },
);

it("Deno takes every host that is granted, whatever address it is from", async () => {
  const label = fc.string({
    unit: fc.constantFrom(..."ab09-_.:[]*,/@%é "),
    maxLength: 12,
  });
  const hosts = fc.sample(fc.tuple(label, fc.option(fc.nat(70_000))), 20_000).flatMap(([name, port]) =>
    hostsOf(`http://${name}${port === null ? "" : `:${port}`}/`)
  );
  expect(hosts.length).toBeGreaterThan(500);
  expect(await ask([`--allow-net=${hosts.join(",")}`], [{ name: "net" }])).toEqual(["prompt"]);
});

it("a wrong address in a variable is left for the program to name", async () => {
  using place = project();
  for (
    const value of ["http://host:99999", "http://a..b", "http://[:::]", "postgres://", "--allow-all", "\n,*,"]
  ) {
    const states = may(place.folder, ["--dag=historic"], { KITE_ROOT: value, DATABASE_URL: value });
    expect(await states([net("api.kite.trade:443"), { name: "net" }])).toEqual([true, false]);
  }
});
