import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProject, type TestProject } from "../testing/project.ts";

/** Which DAGs a command line runs, in which order, and what there is to run them on. */
let project: TestProject;
beforeAll(() => {
  project = makeProject();
});
afterAll(() => project.remove());

describe("several DAGs", () => {
  it("run in order whatever the order named; what depends on a failure is skipped with the reason", async () => {
    const { code, out } = await project.run(["--dag=second,first", "--mode=defect", "--json"]);
    expect(code).toBe(1);
    expect(
      JSON.parse(out).dags.map((
        { dag, outcome, headline }: Record<string, string>,
      ) => [dag, outcome, headline]),
    )
      .toEqual([
        ["first", "failed", "a fault of the program: x is not a function"],
        ["second", "skipped", "not run, because first did not succeed"],
      ]);
  });

  it("a DAG that must come first runs first, with its own parameters, though nobody named it", async () => {
    const { code, out, err } = await project.run(["--dag=second", "--needs-first", "--json"]);
    expect(code).toBe(0);
    expect(err).toContain("first runs first");
    expect(JSON.parse(out).dags.map(({ dag }: { dag: string }) => dag)).toEqual(["first", "second"]);
  });

  it("all leaves out, and says so, what is switched off and what the source cannot serve", async () => {
    const { code, out, err } = await project.run(["--dag=all", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).dags.map(({ dag }: { dag: string }) => dag)).toEqual(["first", "second"]);
    expect(err).toContain("off is left out, switched off by libs/dag-off/config.json: enabled");
    expect(err).toContain("candles is left out: candles needs candles, which source fake does not offer");
  });

  it("a DAG that must come first and is switched off is a reason to fail, and said", async () => {
    const own = makeProject();
    own.write("config/config.json", { dags: { first: { enabled: false } } });
    const { code, out } = await own.run(["--dag=second", "--needs-first", "--json"]);
    own.remove();
    expect(code).toBe(1);
    expect(JSON.parse(out).dags[0].headline).toBe(
      "the store lacks what second needs of first, and first is switched off by " +
        "config/config.json: dags.first.enabled",
    );
  });

  it("numbers name DAGs as --list shows them", async () => {
    const list = JSON.parse((await project.run(["--list", "--json"])).out).dags;
    const number = list.find(({ id }: { id: string }) => id === "second").number;
    const { out } = await project.run([`--dag=${number}`, "--json"]);
    expect(JSON.parse(out).dags[0].dag).toBe("second");
  });
});

describe("--list", () => {
  it("shows every DAG with number, description, schedule, whether it is on, source and sink", async () => {
    const { code, out } = await project.run(["--list"]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 5)).toEqual([
      "#  id       description                  schedule  enabled  source  sink",
      "1  candles  Needs what the source lacks  -         yes      fake    notes",
      "2  first    Ends as it is told           -         yes      fake    notes",
      "3  off      Nobody runs this             never     no       fake    notes",
      "4  second   What comes second            daily     yes      fake    notes",
    ]);
  });

  it("shows every source and sink, and which of them a run takes", async () => {
    const { out } = await project.run(["--list"]);
    expect(out).toContain("fake    A source that answers nothing  yes");
    expect(out).toContain("notes  Appends rows to a file  yes");
    expect(JSON.parse((await project.run(["--list", "--json"])).out)).toMatchObject({
      sources: [{ id: "fake", summary: "A source that answers nothing", default: true }],
      sinks: [{ id: "notes", summary: "Appends rows to a file", default: true }],
    });
  });
});
