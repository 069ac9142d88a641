import { Result } from "effect";
import { describe, expect, it } from "vitest";
import { readFlags } from "./Options.ts";

describe("the command line of login", () => {
  it.each([
    [["login"], { port: 7411 }],
    [["login", "--source=kite"], { port: 7411, source: "kite" }],
    [["login", "--port=8080"], { port: 8080 }],
    [["login", "--port", "8080", "--source", "kite"], { port: 8080, source: "kite" }],
  ])("%j", (args, flags) => expect(readFlags(args)).toEqual(Result.succeed(flags)));

  it.each([
    [["login", "--port=0"], ['--port: expected a whole number from 1 to 65535, got "0"']],
    [["login", "--port=http"], ['--port: expected a whole number from 1 to 65535, got "http"']],
    [["login", "--prot=80"], ["unknown option --prot; did you mean --port?"]],
    [["login", "--dag=all"], ["login has no option --dag"]],
    [["login", "--dry-run", "--json", "--port=x"], [
      "login has no option --dry-run",
      "login has no option --json",
      '--port: expected a whole number from 1 to 65535, got "x"',
    ]],
    [["login", "kite"], ['unexpected "kite"; options begin with --, such as --dag=historic']],
  ])("%j is refused", (args, problems) => expect(readFlags(args)).toEqual(Result.fail(problems)));
});
