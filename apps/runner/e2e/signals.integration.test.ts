import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeProject, type TestProject } from "../testing/project.ts";

let project: TestProject;
beforeEach(() => {
  project = makeProject();
});
afterEach(() => project.remove());

const hanging = async (mode: "hang" | "stubborn") => {
  const started = project.start(["--dag=first,second", `--mode=${mode}`, "--json"]);
  await started.says("first: started");
  const stop = (signal: NodeJS.Signals) => {
    const at = performance.now();
    started.signal(signal);
    return started.ended.then((end) => ({ ...end, took: performance.now() - at }));
  };
  return { ...started, stop };
};

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  it("ends a run in order: the store is closed, the record and the summary say so, exit 130", async () => {
    const run = await hanging("hang");
    const { code, out, took } = await run.stop(signal);
    expect(code).toBe(130);
    expect(took).toBeLessThan(3_000);
    expect(JSON.parse(out)).toMatchObject({
      exitCode: 130,
      dags: [{ dag: "first", outcome: "interrupted" }, { dag: "second", outcome: "skipped" }],
    });
    const rows = project.notes().flatMap(({ rows }) => rows as ReadonlyArray<Record<string, unknown>> ?? []);
    expect(rows.at(-1)).toMatchObject({ dag: "first", outcome: "interrupted" });
    expect(project.notes().at(-1)).toEqual({ closed: true });
  });
});

it("a signal that comes twice at once, from terminal and launcher, is one", async () => {
  const run = await hanging("hang");
  run.signal("SIGINT");
  const { code, out } = await run.stop("SIGINT");
  expect(code).toBe(130);
  expect(JSON.parse(out).dags[0].outcome).toBe("interrupted");
  expect(project.notes().at(-1)).toEqual({ closed: true });
});

it("a second signal later ends at once what does not stop", async () => {
  const run = await hanging("stubborn");
  run.signal("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const { code, err } = await run.stop("SIGINT");
  expect(code).toBe(130);
  expect(err).toContain("ended at once");
  expect(err, "it did not wait for the deadline").not.toContain("not stopped");
});

it("what does not stop is ended after a few seconds", async () => {
  const run = await hanging("stubborn");
  const { code, took, err } = await run.stop("SIGTERM");
  expect(code).toBe(130);
  expect(took).toBeGreaterThan(2_900);
  expect(took).toBeLessThan(5_000);
  expect(err).toContain("not stopped after 3 s");
});
