import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyWorkspace, type Ended, startFake, type WorkspaceCopy } from "../testing/workspace-copy.ts";

const generated = ["source-my-broker", "source-number-broker", "sink-my-store", "dag-my-job"];

let copy: WorkspaceCopy;

const generate = (...args: ReadonlyArray<string>) =>
  copy.run("nx", ["g", `@candlewick/tools:${args[0]}`, ...args.slice(1)]);

const expectSuccess = ({ code, err, out }: Ended) => expect(code, out + err).toBe(0);

beforeAll(async () => {
  copy = copyWorkspace();
  expectSuccess(await generate("source", "my-broker"));
  expectSuccess(
    await generate("source", "number-broker", "--displayName=Broker of Numbers", "--tokenType=int64"),
  );
  expectSuccess(await generate("sink", "my-store"));
  expectSuccess(await generate("dag", "my-job"));
}, 180_000);
afterAll(() => copy.remove());

describe("generating", () => {
  it("writes nothing in a dry run, and says what it would write", async () => {
    const before = copy.read("package-lock.json");
    const { code, out } = await generate("source", "dry-broker", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("CREATE libs/source-dry-broker/src/plugin.ts");
    expect(existsSync(copy.path("libs/source-dry-broker"))).toBe(false);
    expect(existsSync(copy.path("node_modules/@candlewick/source-dry-broker"))).toBe(false);
    expect(copy.read("package-lock.json")).toBe(before);
  });

  it.each([
    [["source", "My_Broker"], "lower-case letters, digits and single hyphens"],
    [["sink", "my-store"], "libs/sink-my-store is there already"],
  ])("of %j is refused with the reason", async (args, reason) => {
    const { code, err, out } = await generate(...args);
    expect(code).not.toBe(0);
    expect(out + err).toContain(reason);
  });

  it("leaves a lock file that npm takes, with no registry asked", async () => {
    expectSuccess(await copy.run("npm", ["ci", "--offline", "--dry-run", "--ignore-scripts", "--no-audit"]));
  });
});

describe("what was generated", () => {
  const folders = generated.map((name) => `libs/${name}`);

  it.each([
    ["is formatted", ["fmt", "--check", ...folders]],
    ["lints", ["lint", ...folders]],
    ["has the types right", ["check", "--quiet", ...folders]],
  ])("%s", async (_, args) => expectSuccess(await copy.run("deno", args)), 120_000);

  it("keeps the boundaries", async () => {
    expectSuccess(await copy.run("nx", ["run", "tools:boundaries"]));
  }, 60_000);

  it("passes its tests, the whole contract among them", async () => {
    const names = generated.map((name) => `@candlewick/${name}`).join(",");
    expectSuccess(await copy.run("nx", ["run-many", "-t", "test", "-p", names, "--skipNxCache"]));
    const contract = (name: string) => {
      const results = JSON.parse(copy.read(`dist/test-results/libs/${name}.json`));
      const tests: ReadonlyArray<{ readonly fullName: string; readonly status: string }> = results.testResults
        .flatMap(({ assertionResults }: { assertionResults: object }) => assertionResults);
      expect(tests.filter(({ status }) => status === "failed")).toEqual([]);
      return tests.filter(({ fullName, status }) => status === "passed" && fullName.includes(" contract: "))
        .length;
    };
    expect(contract("source-my-broker")).toBeGreaterThanOrEqual(30);
    expect(contract("source-number-broker")).toBeGreaterThanOrEqual(30);
    expect(contract("sink-my-store")).toBeGreaterThanOrEqual(100);
    expect(contract("dag-my-job")).toBeGreaterThanOrEqual(13);
  }, 300_000);

  it("is offered by the runner at once", async () => {
    const { out } = await copy.run("candlewick", ["--list"]);
    expect(out).toMatch(/my-job +My Job: the highest/);
    for (const text of ["my-broker", "number-broker", "my-store", "my-job"]) expect(out).toContain(text);
  }, 60_000);

  it("is documented as the runner's tests ask of every plugin, once the schema is made anew", async () => {
    const { code, out } = await copy.run("candlewick", ["--print-schema"]);
    expect(code).toBe(0);
    copy.write("config/config.schema.json", out);
    expectSuccess(
      await copy.run("deno", [
        ...["run", "--allow-all", "npm:vitest", "run", "--root", "apps/runner"],
        ...["--config", "../../tools/src/vitest/vitest.config.ts", "--configLoader", "native"],
        ...["config/documentation", "config/JsonSchema"],
        ...["--testNamePattern", "of (my-|number-)|hold the schema"],
      ]),
    );
  }, 120_000);

  it("works together: any DAG with the generated source and sink, and the generated DAG", async () => {
    const fake = await startFake("libs/source-my-broker/src/testing/fake.ts", copy);
    const summary = async (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) => {
      const ended = await copy.run(
        "candlewick",
        ["--source=my-broker", "--sink=my-store", "--json", ...args],
        { ...fake.env, ...env },
      );
      expectSuccess(ended);
      return JSON.parse(ended.out).dags.at(-1);
    };
    try {
      // The instruments come first by themselves, for the store has none yet.
      expect(await summary(["--dag=my-job", "--symbols=NSE:INFY,NSE:SBIN"])).toMatchObject({
        dag: "my-job",
        outcome: "done",
        counts: { asked: 2, stored: 2, failed: 0 },
      });
      expect(await summary(["--dag=instruments"])).toMatchObject({
        outcome: "nothing",
        counts: { fetched: 4, unchanged: 4 },
      });
      expect(await summary(["--dag=historic", "--symbols=NSE:INFY", "--from=2024-01-01", "--to=2024-01-31"]))
        .toMatchObject({ outcome: "done", counts: { inserted: 23, failed: 0 } });
      expect(await summary(["--dag=instruments"], { MY_STORE_PATH: "data/market.jsonl" })).toMatchObject({
        counts: { inserted: 4 },
      });
      expect(copy.read("data/market.jsonl")).toContain("my_broker_instrument_master");
    } finally {
      fake.stop();
    }
  }, 120_000);
});
