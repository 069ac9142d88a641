import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const workspaceRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** What reaches a program when these arguments are typed after `nx run tools:echo`. */
const received = (...typed: ReadonlyArray<string>): unknown => {
  const output = execFileSync("node", ["node_modules/nx/dist/bin/nx.js", "run", "tools:echo", ...typed], {
    cwd: workspaceRoot,
    encoding: "utf8",
  });
  return JSON.parse(output.split("\n").find((line) => line.startsWith("[")) ?? "null");
};

it("passes arguments through Nx exactly as they were typed", () => {
  const typed = [
    "--dag=historic",
    "--symbols=NSE:M&M,NSE:BAJAJ-AUTO",
    "--json",
    "--from=2024-01-01",
    "--token",
    "00738561",
    "--strike=0012.50",
    "--symbols",
    "NSE:INFY",
    "--symbols",
    "NSE:TCS",
    '--name=it\'s "so", $HOME; `ls` * \\ %PATH%',
    "two words",
    '"quoted"',
    "",
    "--empty=",
    "--no-color",
    "--a.b=c",
    "-x",
    "-5",
    "true",
    "1e3",
    "line\nline",
  ];
  expect(received(...typed)).toEqual(typed);
});

it("passes even the arguments Nx would take for itself, after two dashes", () => {
  expect(received("--", "--help", "--version", "--parallel=1")).toEqual([
    "--help",
    "--version",
    "--parallel=1",
  ]);
});

it("does not take an argument of the program for an option of the target", () => {
  const typed = ["--program=other.mjs", "--runtime=deno", "--arguments=x"];
  expect(received(...typed)).toEqual(typed);
});
