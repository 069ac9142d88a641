import { chmodSync, statSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeProject, type TestProject } from "../testing/project.ts";

let project: TestProject;
beforeAll(() => {
  project = makeProject();
});
afterAll(() => project.remove());

const REAL = { FAKE_USER: "ann", FAKE_KEY: "hush-hush-1234" };

describe("exit codes", () => {
  it.each([
    ["done", 0],
    ["nothing", 0],
    ["partial", 3],
    ["failed", 1],
    ["store", 1],
    ["defect", 1],
  ])("a DAG that ends %s gives %d", async (mode, code) => {
    expect(await project.run(["--dag=first", `--mode=${mode}`])).toMatchObject({ code });
  });

  it("a refused login gives 4 and says what to do, without the key", async () => {
    const { code, out, err } = await project.run(["--dag=first", "--mode=authenticate"], REAL);
    expect(code).toBe(4);
    expect(out).toContain("log in again");
    expect(out + err).toContain("ann may not enter with <secret>");
    expect(out + err).not.toContain("hush-hush-1234");
  });

  it("some credentials but not all give 4, name what is missing and how to come by it", async () => {
    const { code, err } = await project.run(["--dag=first"], { FAKE_USER: "ann" });
    expect(code).toBe(4);
    expect(err).toContain("FAKE_KEY is not set (FAKE_USER comes from environment variable FAKE_USER)");
    expect(err).toContain("set FAKE_USER and FAKE_KEY");
  });

  it("--no-sandbox takes the vendor itself, and gives 4 where that wants a login", async () => {
    const { code, err } = await project.run(["--dag=first", "--no-sandbox"]);
    expect(code).toBe(4);
    expect(err).toContain("FAKE_USER and FAKE_KEY are not set");
    expect(err).not.toContain("Sandbox");
  });

  it.each([
    [["--dag=frist"], 'there is no DAG "frist"; did you mean "first"?'],
    [["--dag=first", "--mdoe=done"], "unknown option --mdoe; did you mean --mode?"],
    [["--dag=first", "--units=many"], '--units: expected a whole number of at least 0, got "many"'],
    [["--dag=first", "--units"], "option --units needs a value"],
    [["--dag=first", "--units=1", "--units=2"], "option --units is given twice"],
    [["--dag=first", "--log-level=loud"], "--log-level=loud: expected one of debug, info, warn, error"],
    [["--dag=first", "--source=fkae"], '--source=fkae: there is fake; did you mean "fake"?'],
    [["--dag=off"], '"off" is switched off by libs/dag-off/config.json: enabled'],
    [["--dag=candles"], "candles needs candles, which source fake does not offer"],
    [["--dag=first", "--sandbox", "--no-sandbox"], "--sandbox and --no-sandbox: give one of them"],
    [["--dry-run"], "no DAG is named"],
    [["first"], 'unexpected "first"'],
    [["--list", "--units=3"], "unknown option --units"],
  ])("%j gives 2 and says: %s", async (args, message) => {
    const { code, out, err } = await project.run(args);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

describe("login to a source that needs no browser", () => {
  it("says whether the vendor takes the credentials", async () => {
    const taken = await project.run(["login"], { FAKE_USER: "ann", FAKE_KEY: "pretend-key" });
    expect(taken).toMatchObject({
      code: 0,
      out: "Fake Exchange takes the credentials of fake; runs log in with them by themselves.\n",
    });
    const refused = await project.run(["login"], REAL);
    expect(refused.code).toBe(4);
    expect(refused.err).toContain("ann may not enter with <secret>");
    const missing = await project.run(["login"]);
    expect(missing.code).toBe(4);
    expect(missing.err).toContain("FAKE_USER and FAKE_KEY are not set");
  });
});

describe("--json", () => {
  it("is one object on stdout, whatever libraries print", async () => {
    const { out, err } = await project.run(["--dag=first", "--mode=print", "--json"]);
    expect(out.endsWith("}\n")).toBe(true);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      exitCode: 0,
      source: "fake",
      sandbox: "nothing but air",
      sink: "notes",
      dags: [{ dag: "first", outcome: "done", counts: { units: 3, rejected: 1234 } }],
    });
    expect(err).toContain("a library speaks");
  });

  it("tells refusals, too", async () => {
    const { code, out } = await project.run(["--dag=frist", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ exitCode: 2, problems: [expect.stringContaining("did you mean")] });
  });

  it("has the plan of a dry run, which writes nothing", async () => {
    const before = project.notes().filter((note) => "rows" in note).length;
    const { code, out } = await project.run(["--dag=first", "--units=5", "--dry-run", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      plans: [{
        dag: "first",
        plan: { headline: "Would do 5 units", requests: 5, seconds: 1, tables: [], notes: [] },
      }],
    });
    expect(project.notes().filter((note) => "rows" in note)).toHaveLength(before);
  });
});

describe("the sandbox", () => {
  it("is used without any credentials, said first, and its data is marked as invented", async () => {
    const { err } = await project.run(["--dag=second"]);
    expect(err.split("\n")[0]).toMatch(/^\d\d:\d\d:\d\d Sandbox: no credentials of Fake Exchange are set/);
    expect(project.notes().findLast((note) => "data" in note)).toMatchObject({ data: "sandbox" });
  });

  it("is not used with all of them, unless asked for", async () => {
    expect((await project.run(["--dag=first"], REAL)).err).not.toContain("Sandbox");
    expect(project.notes().findLast((note) => "data" in note)).toMatchObject({ data: "real" });
    expect((await project.run(["--dag=first", "--sandbox"], REAL)).err).toContain("Sandbox: as asked");
  });
});

describe("what a run leaves behind", () => {
  let own: TestProject;
  beforeEach(() => {
    own = makeProject();
    return () => own.remove();
  });

  const logOf = (out: string) =>
    own.read(JSON.parse(out).log).trim().split("\n").map((line) =>
      JSON.parse(line) as Record<string, unknown>
    );

  it("is a record of each DAG: running at first, then how it ended", async () => {
    await own.run(["--dag=first", "--mode=partial"]);
    const rows = own.notes().flatMap(({ rows }) => rows as ReadonlyArray<Record<string, unknown>> ?? []);
    expect(rows.map(({ dag, outcome }) => [dag, outcome])).toEqual([["first", "running"], [
      "first",
      "partial",
    ]]);
  });

  it("a store that refuses the record does not fail the run", async () => {
    const { code, err } = await own.run(["--dag=first"], { NOTES_BROKEN: "true" });
    expect(code).toBe(0);
    expect(err).toContain("could not be noted in the table candlewick_runs");
  });

  it("is a log with start, end, duration and counts, and the defaults that were taken", async () => {
    const { out } = await own.run(["--dag=first", "--json"]);
    const entries = logOf(out);
    expect(entries.find(({ message }) => message === "first: started")).toBeDefined();
    expect(entries.find((entry) => "counts" in entry)).toMatchObject({
      outcome: "done",
      dag: "first",
      counts: { units: 3, rejected: 1234 },
      millis: expect.any(Number),
    });
    expect(entries.map(({ message }) => message)).toContain(
      "first: parameter units is not given, taking 3",
    );
  });

  it("no secret: not in the log, not on the console, not in the result", async () => {
    const { out, err } = await own.run(["--dag=first", "--mode=leak", "--json", "--log-level=debug"], REAL);
    const log = own.read(JSON.parse(out).log);
    expect(log).toContain("refused <secret>");
    for (const text of [out, err, log, JSON.stringify(own.notes())]) {
      expect(text).not.toContain("hush-hush-1234");
    }
  });

  it("no secret that a plugin prints or breaks with, not even where nobody waits for it", async () => {
    for (const mode of ["blurt", "stray"]) {
      const { code, out, err } = await own.run(["--dag=first", `--mode=${mode}`, "--log-level=debug"], REAL);
      expect(code).toBe(1);
      expect(out + err).toMatch(/(broke on|nobody waits for) <secret>/);
      expect(out + err + JSON.stringify(own.notes())).not.toContain("hush-hush-1234");
    }
  });

  it("a .env that others can read draws one warning, with the command that mends it", async () => {
    own.write(".env", "FAKE_USER=ann\n");
    chmodSync(own.path(".env"), 0o644);
    const { err } = await own.run(["--dag=first", "--sandbox"]);
    expect(err.match(/can be read or changed by other users/g)).toHaveLength(1);
    expect(err).toContain(`run chmod 600 ${own.path(".env")}\n`);
    chmodSync(own.path(".env"), 0o600);
    expect((await own.run(["--dag=first", "--sandbox"])).err).not.toContain("other users");
  });

  it("is closed to other users", async () => {
    const { out } = await own.run(["--dag=first", "--json"]);
    expect(statSync(own.path(JSON.parse(out).log)).mode & 0o077).toBe(0);
  });
});

describe("parameters", () => {
  it("come from the command line, the environment, .env, config/config.json, the sandbox, and beside the DAG", async () => {
    const own = makeProject();
    const headline = async (args: ReadonlyArray<string> = [], env: Record<string, string> = {}) =>
      JSON.parse((await own.run(["--dag=second", "--json", ...args], env)).out).dags[0].headline;
    expect(await headline()).toBe("size 7, words from beside");
    own.write("config/config.json", { dags: { second: { parameters: { words: ["${WORD}", "config"] } } } });
    own.write(".env", "WORD=from\n");
    expect(await headline()).toBe("size 7, words from config");
    own.write(".env", "SECOND_WORDS=from,dotenv\n");
    expect(await headline()).toBe("size 7, words from dotenv");
    expect(await headline([], { SECOND_WORDS: "from,environment" })).toBe("size 7, words from environment");
    expect(await headline(["--words", "from,flag", "--size=9"])).toBe("size 9, words from flag");
    own.remove();
  });

  it("go through the launcher as they were typed", async () => {
    const { out } = await project.run(["--dag=second", '--words=M&M,it\'s $HOME,"q",*,ünï', "--json"]);
    expect(JSON.parse(out).dags[0].headline).toBe('size 7, words M&M it\'s $HOME "q" * ünï');
  });
});

describe("permissions", () => {
  it.each([
    ["calls another host", "reach", '(net) for "elsewhere.example:443"'],
    ["reads the machine's files", "passwd", '(read) for "/etc/passwd"'],
    ["starts a process", "process", '(run) for "id"'],
    ["reads another variable", "variable", '(env) for "HOME"'],
    ["writes outside the state folder", "scribble", '(write) for "outside.txt"'],
  ])("a plugin that %s is denied, and the run says which plugin wanted what", async (_, mode, what) => {
    const { code, out } = await project.run(["--dag=first", `--mode=${mode}`]);
    expect(code).toBe(1);
    expect(out).toContain(`no permission ${what}: no plugin of this run lists it in its manifest`);
    expect(out).toContain('asked for by dag "first" (package @fixture/dag-first)');
    expect(() => project.read("outside.txt")).toThrow(/ENOENT/);
  });
});

describe("a pipe", () => {
  it("gets no colours and no control characters", async () => {
    const { out, err } = await project.run(["--dag=first", "--mode=partial"]);
    // deno-lint-ignore no-control-regex -- what only a terminal understands
    expect(out + err).not.toMatch(/\x1b|\r/);
  });

  it("that is closed early ends nothing", async () => {
    const started = project.start(["--dag=first", "--mode=slow"]);
    started.process.stdout!.destroy();
    started.process.stderr!.destroy();
    expect((await started.ended).code).toBe(0);
  });
});

it("--help without a DAG has every option, the parameters of every DAG, examples and exit codes", async () => {
  const { code, out } = await project.run(["--help"]);
  expect(code).toBe(0);
  for (
    const text of [
      "--dry-run",
      "Sources: fake\nSinks: notes\n",
      "--needs-first",
      "--units=N",
      "(default 3)",
      "Examples:",
      "130 interrupted",
    ]
  ) {
    expect(out).toContain(text);
  }
  expect((await project.run([])).out).toBe(out);
});

it("--version tells the version", async () => {
  expect((await project.run(["--version"])).out).toMatch(/^candlewick \d+\.\d+\.\d+\n$/);
});
