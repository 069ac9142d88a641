import { describe, expect, it } from "vitest";
import { decodeProgramOptions, programCommand } from "./command-line.ts";

const runtimes = {
  node: { executable: "/bin/node", arguments: [] },
  deno: { executable: "/bin/deno", arguments: [] },
};

describe("decodeProgramOptions", () => {
  it("takes a program without permissions and arguments", () => {
    expect(decodeProgramOptions("a:serve", { runtime: "deno", program: "a/main.ts" })).toEqual({
      runtime: "deno",
      program: "a/main.ts",
      permissions: [],
      arguments: [],
    });
  });

  it.each([
    [{ program: "a.ts" }, /"runtime" must be/],
    [{ runtime: "bun", program: "a.ts" }, /"runtime" must be/],
    [{ runtime: "deno" }, /"program" must name/],
    [{ runtime: "deno", program: "" }, /"program" must name/],
    [{ runtime: "deno", program: "a.ts", permissions: "--allow-net" }, /"permissions" must be a list/],
    [{ runtime: "deno", program: "a.ts", arguments: [1] }, /"arguments" must be a list/],
    [{ runtime: "node", program: "a.mjs", permissions: ["--allow-net"] }, /Node has none/],
    [
      { runtime: "deno", program: "a.ts", permission: [] },
      /unknown option "permission"; known are runtime, program/,
    ],
  ])("refuses %j and names the target", (options, problem) => {
    expect(() => decodeProgramOptions("a:serve", options)).toThrow(problem);
    expect(() => decodeProgramOptions("a:serve", options)).toThrow(/^Target a:serve: /);
  });
});

describe("programCommand", () => {
  const typed = ["--symbols=NSE:M&M,NSE:BAJAJ-AUTO", "--from", "007", "it's", ""];

  it("gives Deno the permissions before the program and the typed arguments untouched after it", () => {
    const options = decodeProgramOptions("a:serve", {
      runtime: "deno",
      program: "a/main.ts",
      permissions: ["--allow-net=127.0.0.1"],
      arguments: ["--port=0"],
    });
    expect(programCommand(runtimes, options, typed)).toEqual({
      executable: "/bin/deno",
      arguments: ["run", "--no-prompt", "--allow-net=127.0.0.1", "a/main.ts", "--port=0", ...typed],
    });
  });

  it("runs a program on Node as it is", () => {
    const options = decodeProgramOptions("a:execute", { runtime: "node", program: "a/bin/start.mjs" });
    expect(programCommand(runtimes, options, typed)).toEqual({
      executable: "/bin/node",
      arguments: ["a/bin/start.mjs", ...typed],
    });
  });

  it("starts Deno through its npm launcher where the binary is not in place", () => {
    const launched = { ...runtimes, deno: { executable: "/bin/node", arguments: ["deno/bin.cjs"] } };
    const options = decodeProgramOptions("a:serve", { runtime: "deno", program: "a/main.ts" });
    expect(programCommand(launched, options, []).arguments).toEqual([
      "deno/bin.cjs",
      "run",
      "--no-prompt",
      "a/main.ts",
    ]);
  });
});
