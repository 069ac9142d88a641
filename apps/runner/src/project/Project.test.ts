import { Effect, Result } from "effect";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Refusal } from "../Refusal.ts";
import { type Files, pluginPackage, temporaryFolder, writeFiles } from "../testing/folders.ts";
import { chosen, open } from "./Project.ts";

const place = (files: Files = {}, candlewick: unknown = undefined) =>
  temporaryFolder({
    "package.json": { name: "mine", workspaces: ["libs/*"], candlewick },
    "libs/kite/package.json": pluginPackage("source", "kite"),
    "libs/angel/package.json": pluginPackage("source", "angel"),
    "libs/postgres/package.json": pluginPackage("sink", "postgres"),
    "libs/job/package.json": pluginPackage("dag", "job"),
    ...files,
  });

const opened = (folder: string) => Effect.runSync(open(folder, () => undefined));

const problemsOf = (files: Files): ReadonlyArray<string> => {
  using folder = place(files);
  const result = Effect.runSync(Effect.result(open(folder.path, () => undefined)));
  return Result.isFailure(result) ? (result.failure satisfies Refusal).problems : [];
};

describe("a project", () => {
  it("needs no configuration", () => {
    using folder = place();
    const project = opened(folder.path);
    expect(project.state).toBe(join(folder.path, ".candlewick"));
    expect(project.dags.map(({ id }) => id)).toEqual(["job"]);
    expect(project.variables("KITE_API_KEY")).toBeUndefined();
  });

  it("knows the variables of its .env, and the environment counts more", () => {
    using folder = place({ ".env": "A=1\nB='two words'\n# C=3\nD=\nexport E=5\n" });
    const environment: Readonly<Record<string, string>> = { A: "0" };
    const { variables } = Effect.runSync(open(folder.path, (name) => environment[name]));
    expect(["A", "B", "C", "D", "E"].map((name) => variables(name)?.value)).toEqual([
      "0",
      "two words",
      undefined,
      undefined,
      "5",
    ]);
  });

  it("reread has what the files hold now, also of variables that the launcher took from .env", () => {
    using folder = place({ ".env": "A=1\nB=2\n", "config/config.json": { logging: { level: "warn" } } });
    const environment: Readonly<Record<string, string>> = { A: "1", B: "0" };
    const project = Effect.runSync(open(folder.path, (name) => environment[name]));
    writeFiles(folder.path, { ".env": "A=one\nB=two\n", "config/config.json": "{ half" });
    const reread = project.reread();
    expect(["A", "B"].map((name) => reread.variables(name)?.value)).toEqual(["one", "0"]);
    expect(reread.config.logLevel).toBe("warn");
    expect(reread.secrets).toBe(project.secrets);
    writeFiles(folder.path, { "config/config.json": { logging: { level: "error" } } });
    expect(project.reread().config.logLevel).toBe("error");
    expect(project.variables("A")?.value).toBe("1");
  });

  it("tells all that is wrong at once, each with file and place", () => {
    expect(problemsOf({
      "config/config.json": {
        souce: "kite",
        plugins: ["absent"],
        sources: { kiet: {} },
        dags: { jobb: {}, job: { enabled: 1 } },
      },
      "libs/job/config.json": { shedule: "daily" },
    })).toEqual([
      'config/config.json: unknown key "souce"; did you mean "source"?',
      "config/config.json: dags.job.enabled: expected true or false, got 1",
      "config/config.json: plugins: package absent is not installed; run npm install absent, or remove it",
      'libs/job/config.json: unknown key "shedule"; did you mean "schedule"?',
      'config/config.json: sources: there is no source "kiet"; did you mean "kite"?',
      'config/config.json: dags: there is no dag "jobb"; did you mean "job"?',
    ]);
  });

  it.each([
    ["config/config.json", "{", "config/config.json is no JSON"],
    ["config/config.json", "[]", "config/config.json: expected an object"],
    ["libs/job/config.json", "", "libs/job/config.json is no JSON"],
    ["libs/job/config.json", "7", "libs/job/config.json: expected an object"],
  ])("refuses a %s that holds %j", (path, text, problem) => {
    expect(problemsOf({ [path]: text })[0]).toContain(problem);
  });

  it("shows nothing of a broken file, in which secrets may stand", () => {
    for (
      const broken of ['{"apiSecret": "sesame"', '{"apiSecret": sesame}', '{"a": "x", "sesame}', "sesame"]
    ) {
      const problems = problemsOf({ "config/config.json": broken });
      expect(problems).toHaveLength(1);
      expect(problems[0]).not.toContain("sesame");
    }
  });

  it("lets editors know where the schema is", () => {
    expect(problemsOf({
      "config/config.json": { $schema: "./config.schema.json" },
      "libs/job/config.json": { $schema: "x" },
    })).toEqual([]);
  });
});

describe("the source of a run", () => {
  const idOf = (files: Files, asked?: string, candlewick?: unknown) => {
    using folder = place(files, candlewick);
    return Result.map(chosen(opened(folder.path), "source", asked), ({ manifest }) => manifest.id);
  };
  const configured = { "config/config.json": { source: "angel" } };

  it("is the one asked for, else the configured one, else the default of the project", () => {
    expect(idOf(configured, "kite", { source: "kite" })).toEqual(Result.succeed("kite"));
    expect(idOf(configured, undefined, { source: "kite" })).toEqual(Result.succeed("angel"));
    expect(idOf({}, undefined, { source: "kite" })).toEqual(Result.succeed("kite"));
  });

  it("is the only one there is, where nobody chose", () => {
    using folder = place();
    expect(Result.map(chosen(opened(folder.path), "sink", undefined), ({ manifest }) => manifest.id))
      .toEqual(Result.succeed("postgres"));
  });

  it.each<[Files, string | undefined, string]>([
    [
      {},
      undefined,
      'several sources (angel, kite): choose one with --source=ID, or with "source" in config/config.json',
    ],
    [{}, "kiet", '--source=kiet: there is angel, kite; did you mean "kite"?'],
    [{ "config/config.json": { source: "nse" } }, undefined, 'configured source "nse": there is angel, kite'],
  ])("in %j, asked for %s, is refused", (files, asked, problem) => {
    expect(idOf(files, asked)).toEqual(Result.fail(problem));
  });

  it("is none where none is installed", () => {
    using folder = temporaryFolder({ "package.json": { name: "mine", workspaces: [] } });
    const result = chosen(opened(folder.path), "source", undefined);
    expect(Result.isFailure(result) && result.failure).toMatch(/^there is no source: add its package/);
  });
});
