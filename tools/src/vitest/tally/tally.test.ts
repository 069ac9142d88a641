import { describe, expect, it } from "vitest";
import { describeTally, type Report, tallyPackage } from "./tally.ts";

const file = (status: string, ...tests: ReadonlyArray<string>): Report["testResults"][number] => ({
  name: "a.test.ts",
  status,
  message: "SyntaxError: it cannot be read",
  assertionResults: tests.map((status, i) => ({
    status,
    fullName: `test ${i}`,
    failureMessages: status === "failed" ? ["AssertionError: 1 is not 2\n    at a.test.ts:1"] : [],
  })),
});

const tallyOf = (report: Report | undefined) => tallyPackage({ root: "libs/a", report });

describe("tallyPackage", () => {
  it("counts tests by how they ended", () => {
    const report = {
      success: false,
      testResults: [
        file("failed", "passed", "failed", "skipped"),
        file("passed", "passed", "pending", "todo"),
      ],
    };
    expect(tallyOf(report)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it("counts a file that could not be loaded", () => {
    expect(tallyOf({ success: false, testResults: [file("failed"), file("passed", "passed")] }))
      .toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it("counts an error outside every test", () => {
    expect(tallyOf({ success: false, testResults: [file("passed", "passed")] }))
      .toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it("counts a run that left no report", () => {
    expect(tallyOf(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

it("closes with the whole on a line of its own", () => {
  const report = { success: true, testResults: [file("passed", "passed", "passed", "skipped")] };
  expect(describeTally([{ root: "libs/a", report }, { root: "libs/b", report }])).toEqual({
    lines: [
      "libs/a: 2 passed, 0 failed, 1 skipped",
      "libs/b: 2 passed, 0 failed, 1 skipped",
      "4 passed, 0 failed",
    ],
    failed: 0,
  });
  expect(describeTally([{ root: "libs/a", report }, { root: "libs/b", report: undefined }])).toEqual({
    lines: ["libs/a: 2 passed, 0 failed, 1 skipped", "libs/b: left no report", "2 passed, 1 failed"],
    failed: 1,
  });
});

it("names what failed, and how, before the whole", () => {
  const report = { success: false, testResults: [file("failed", "passed", "failed"), file("failed")] };
  expect(describeTally([{ root: "libs/a", report }]).lines).toEqual([
    "libs/a: 1 passed, 2 failed, 0 skipped",
    "  failed in libs/a: test 1",
    "    AssertionError: 1 is not 2",
    "        at a.test.ts:1",
    "  failed in libs/a: a.test.ts",
    "    SyntaxError: it cannot be read",
    "1 passed, 2 failed",
  ]);
});
