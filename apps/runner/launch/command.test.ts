import fc from "fast-check";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workspace } from "../e2e/workspace.ts";
import { packageWithOurPlugins, temporaryFolder, writeFiles } from "../src/testing/folders.ts";
import { readRequest } from "./arguments.mjs";
import { denoCommand } from "./command.mjs";
import { projectFolder, readDotEnv } from "./project.mjs";

describe("what a command line asks for", () => {
  it.each([
    [[], "help"],
    [["--help"], "help"],
    [["-h"], "help"],
    [["--dag=historic", "--help"], "help"],
    [["login", "--help"], "help"],
    [["--version"], "version"],
    [["-V"], "version"],
    [["login"], "login"],
    [["login", "--port=80"], "login"],
    [["calendar"], "calendar"],
    [["calendar", "--year=2025", "--json"], "calendar"],
    [["--list"], "list"],
    [["--list", "--json"], "list"],
    [["--print-schema"], "schema"],
    [["--dag=historic"], "run"],
    [["--dag=login"], "run"],
    [["--source=kite"], "run"],
    [["--unknown"], "run"],
    [["historic"], "run"],
    [["--dag", "historic", "login"], "run"],
  ])("%j: %s", (args, action) => expect(readRequest(args).action).toBe(action));

  it("names DAGs, source and sink, with = or without", () => {
    expect(readRequest(["--dag=a,b", "--source", "kite", "--sink=postgres", "--json", "--symbols=NSE:M&M"]))
      .toEqual({ action: "run", dag: "a,b", source: "kite", sink: "postgres", json: true });
    expect(readRequest(["login", "--source=kite"])).toMatchObject({ action: "login", source: "kite" });
  });

  it("is known of any command line", () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.string().map((text) => `--${text}`))), (args) => {
        expect(["run", "login", "calendar", "list", "help", "version", "schema"]).toContain(
          readRequest(args).action,
        );
      }),
      { numRuns: 500 },
    ));
});

describe("the project of a run", () => {
  it("is the one named, else the nearest above the working folder, else the runner's own", () => {
    using place = temporaryFolder({
      "outer/package.json": { workspaces: [] },
      "outer/libs/one/package.json": { name: "one" },
      "outer/inner/config/config.json": {},
    });
    const at = (path: string) => join(place.path, path);
    mkdirSync(at("outer/inner/deep"));
    expect(projectFolder(undefined, at("outer/libs/one"))).toBe(at("outer"));
    expect(projectFolder(undefined, at("outer/inner/deep"))).toBe(at("outer/inner"));
    expect(projectFolder("", at("outer/inner"))).toBe(at("outer/inner"));
    expect(projectFolder(at("outer"), at("outer/inner"))).toBe(at("outer"));
    expect(projectFolder("../..", at("outer/inner/deep"))).toBe(at("outer"));
    expect(join(projectFolder(undefined, place.path), "/")).toBe(workspace);
  });
});

it("variables of .env that are set to nothing are not set", () => {
  using place = temporaryFolder({ ".env": "A=1\nB=\nC=''\n# D=4\n E = five \n" });
  expect(readDotEnv(place.path)).toEqual({ A: "1", E: "five" });
  expect(readDotEnv(join(place.path, "absent"))).toEqual({});
});

describe("the command that starts the program", () => {
  const command = (
    args: ReadonlyArray<string>,
    env: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, unknown>> = {},
  ) => {
    using place = temporaryFolder();
    writeFiles(place.path, { "package.json": packageWithOurPlugins(place.path), ...files });
    return { ...denoCommand({ args, env, cwd: place.path }), project: place.path };
  };

  it("gives the arguments on as they were typed, after the program", () =>
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        const { args: all } = command(args);
        const program = all.findIndex((arg) => arg.endsWith("/apps/runner/src/main.ts"));
        expect(all.slice(program + 1)).toEqual(args);
        for (const flag of all.slice(1, program)) expect(flag).toMatch(/^--[a-z0-9-]+(=|$)/);
        expect(all.slice(0, program).join(" ")).not.toMatch(/--allow-all|-A\b/);
      }),
      { numRuns: 100 },
    ));

  it("never asks, and loads nothing from elsewhere", () => {
    expect(command(["--dag=historic"]).args).toEqual(
      expect.arrayContaining(["--no-prompt", "--cached-only"]),
    );
  });

  it("tells the program which project it is", () => {
    const { env, project } = command(["--list"]);
    expect(env["CANDLEWICK_PROJECT"]).toBe(project);
  });

  it("puts variables of .env that a plugin declares into the environment where it lacks them, no others", () => {
    const { env } = command(["--dag=historic"], { PGUSER: "me", PGHOST: "" }, {
      ".env": "PGUSER=file\nPGHOST=db.example\nKITE_API_KEY=key\nAWS_SECRET=no\nNODE_OPTIONS=--inspect\n",
    });
    expect(env).toMatchObject({ PGUSER: "me", PGHOST: "db.example", KITE_API_KEY: "key" });
    expect(env).not.toHaveProperty("AWS_SECRET");
    expect(env).not.toHaveProperty("NODE_OPTIONS");
  });
});
