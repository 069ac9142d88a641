import { existsSync, lstatSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyWorkspace, type Ended, startFake, type WorkspaceCopy } from "../testing/workspace-copy.ts";

/** Where the author works, and where a user does. */
let author: WorkspaceCopy;
let user: WorkspaceCopy;

const expectSuccess = ({ code, err, out }: Ended) => expect(code, out + err).toBe(0);

/** Generates a plugin, packs it under a name of its author's, and gives the archive's path. */
const published = async (kind: string, id: string) => {
  const name = `@someone/candlewick-${id}`;
  expectSuccess(await author.run("nx", ["g", `@candlewick/tools:${kind}`, id]));
  expectSuccess(await author.run("nx", ["run", "tools:pack", `${kind}-${id}`, `--name=${name}`]));
  return author.path(`dist/packages/someone-candlewick-${id}-0.1.0.tgz`);
};

beforeAll(async () => {
  author = copyWorkspace();
  user = copyWorkspace();
  const archives = [await published("source", "far-broker"), await published("sink", "far-store")];
  expectSuccess(
    await user.run("npm", ["install", "--offline", "--no-save", "--no-audit", "--no-fund", ...archives]),
  );
}, 300_000);
afterAll(() => {
  author.remove();
  user.remove();
});

const plugins = ["@someone/candlewick-far-broker", "@someone/candlewick-far-store"];

it("is installed as any package is: JavaScript, in node_modules, without a copy of core", () => {
  for (const name of plugins) {
    expect(lstatSync(user.path(`node_modules/${name}`)).isDirectory()).toBe(true);
    expect(existsSync(user.path(`node_modules/${name}/dist/plugin.js`))).toBe(true);
    expect(existsSync(user.path(`node_modules/${name}/src`))).toBe(false);
    expect(existsSync(user.path(`node_modules/${name}/node_modules/@candlewick/core`))).toBe(false);
  }
  expect(existsSync(user.path("libs/source-far-broker"))).toBe(false);
});

it("is not known until config/config.json names it", async () => {
  const { code, err } = await user.run("candlewick", ["--dag=instruments", "--source=far-broker"]);
  expect(code).toBe(2);
  expect(err).toContain("--source=far-broker: there is");
}, 60_000);

it("runs a DAG once it is named, source and sink alike", async () => {
  user.write("config/config.json", JSON.stringify({ plugins, source: "far-broker", sink: "far-store" }));
  const fake = await startFake("libs/source-far-broker/src/testing/fake.ts", author);
  try {
    const ended = await user.run("candlewick", ["--dag=instruments", "--json"], fake.env);
    expectSuccess(ended);
    expect(JSON.parse(ended.out)).toMatchObject({
      source: "far-broker",
      sink: "far-store",
      dags: [{ outcome: "done", counts: { inserted: 4 } }],
    });
    const refused = await user.run("candlewick", ["--dag=instruments", "--json"], {
      ...fake.env,
      FAR_BROKER_TOKEN: "wrong",
    });
    // Its errors are the runner's own: a refused login is known for one.
    expect(refused.code, refused.out + refused.err).toBe(4);
  } finally {
    fake.stop();
  }
}, 60_000);
