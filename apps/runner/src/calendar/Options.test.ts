import { Result } from "effect";
import { describe, expect, it } from "vitest";
import { readFlags } from "./Options.ts";

describe("the command line of calendar", () => {
  it.each([
    [["calendar"], { exchanges: [], json: false }],
    [["calendar", "--exchange=NSE", "--year=2025"], { exchanges: ["NSE"], year: 2025, json: false }],
    [["calendar", "--exchange", "NSE,NYSE", "--json"], { exchanges: ["NSE", "NYSE"], json: true }],
    [["calendar", "--date=2024-03-02"], { exchanges: [], date: "2024-03-02", json: false }],
  ])("%j", (args, flags) => expect(readFlags(args)).toEqual(Result.succeed(flags)));

  it.each([
    [["calendar", "--yaer=2025"], ["unknown option --yaer; did you mean --year?"]],
    [["calendar", "--year=25"], ['--year: expected a whole number from 1900 to 2999, got "25"']],
    [["calendar", "--date=2024-02-30"], [
      '--date: expected a day that exists, YYYY-MM-DD, got "2024-02-30"',
    ]],
    [["calendar", "--year=2024", "--date=2024-03-02"], ["--year and --date: give one of them"]],
    [["calendar", "--dag=historic", "--dry-run", "--year=x"], [
      "calendar has no option --dag",
      "calendar has no option --dry-run",
      '--year: expected a whole number from 1900 to 2999, got "x"',
    ]],
    [["calendar", "NSE"], ['unexpected "NSE"; options begin with --, such as --dag=historic']],
  ])("%j is refused", (args, problems) => expect(readFlags(args)).toEqual(Result.fail(problems)));
});
