import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyWorkspace, type Ended, type WorkspaceCopy } from "../testing/workspace-copy.ts";

const page = readFileSync(new URL("../../../docs/plugins.md", import.meta.url), "utf8");

/** Code of one language on the page, in order. */
const blocks = (language: string): ReadonlyArray<string> =>
  Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms")), ([, code = ""]) => code);

let copy: WorkspaceCopy;
beforeAll(() => {
  copy = copyWorkspace();
});
afterAll(() => copy.remove());

const expectSuccess = ({ code, err, out }: Ended) => expect(code, out + err).toBe(0);

it("docs/plugins.md, followed word for word, ends with a source that keeps its contract", async () => {
  const [generate = ""] = blocks("sh");
  const [, name = "", title = ""] =
    /^npx nx (g \S+ \S+) --displayName="(.+)" --tokenType=int64$/m.exec(generate) ?? [];
  expectSuccess(await copy.run("nx", [...name.split(" "), `--displayName=${title}`, "--tokenType=int64"]));
  for (const [at, patch] of blocks("diff").entries()) {
    copy.write("step.patch", patch);
    const { code, err, out } = await copy.run("git", ["apply", "step.patch"]);
    expect(code, `change ${at + 1}: ${out}${err}`).toBe(0);
  }
  for (const args of [["fmt", "--check"], ["lint"], ["check", "--quiet"]]) {
    expectSuccess(await copy.run("deno", [...args, "libs/source-acme"]));
  }
  expectSuccess(await copy.run("nx", ["run", "source-acme:test", "--skipNxCache"]));
  const { numFailedTests, numPassedTests } = JSON.parse(copy.read("dist/test-results/libs/source-acme.json"));
  expect({ numFailedTests, numPassedTests }).toEqual({
    numFailedTests: 0,
    numPassedTests: Number(/All green: (\d+) tests/.exec(page)?.[1]),
  });
}, 240_000);
