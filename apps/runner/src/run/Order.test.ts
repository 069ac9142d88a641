import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../Refusal.ts";
import { obstacle } from "./Order.ts";
import { asJson, type DagReport, exitCodeOf, type Outcome } from "./Report.ts";

const ended = (dag: string, outcome: Outcome, isFatal = false): DagReport => {
  switch (outcome) {
    case "done":
    case "nothing":
    case "partial":
    case "failed":
      return {
        dag,
        millis: 1,
        summary: { outcome, headline: "", counts: {}, tables: [], failures: [], notes: [] },
      };
    default:
      return { dag, millis: 1, ended: outcome, message: "", isFatal };
  }
};

const anyOutcome = fc.constantFrom<Outcome>(
  "done",
  "nothing",
  "partial",
  "failed",
  "skipped",
  "unauthorised",
  "interrupted",
  "busy",
);

describe("what stands in a DAG's way", () => {
  it("is one that it comes after and that did not succeed, and no other", () => {
    fc.assert(fc.property(anyOutcome, anyOutcome, (mine, other) => {
      const reports = [ended("before", mine), ended("elsewhere", other)];
      const succeeded = ["done", "nothing", "partial"].includes(mine);
      const why = mine === "busy" ? "another run of before is at work" : "before did not succeed";
      expect(obstacle(["before"], reports)).toBe(succeeded ? undefined : `not run, because ${why}`);
      expect(obstacle([], reports)).toBeUndefined();
    }));
  });

  it("is also a failure that every DAG would share", () => {
    expect(obstacle([], [ended("a", "unauthorised", true)])).toBe("not run, because it would fail as a did");
    expect(obstacle([], [ended("a", "interrupted", true)])).toBe("not run, because the run was stopped");
  });
});

describe("the exit code", () => {
  const meaning: Readonly<Record<Outcome, number>> = {
    done: 0,
    nothing: 0,
    partial: 3,
    failed: 1,
    skipped: 1,
    unauthorised: 4,
    interrupted: 130,
    busy: 5,
  };
  const severity = [0, 3, 5, 1, 4, 130];

  it("is the worst of what the DAGs say", () => {
    const own = anyOutcome.filter((outcome) => outcome !== "skipped");
    fc.assert(fc.property(fc.array(own), (outcomes) => {
      const worst = Math.max(0, ...outcomes.map((outcome) => severity.indexOf(meaning[outcome])));
      expect(exitCodeOf(outcomes.map((outcome, index) => ended(`d${index}`, outcome)))).toBe(severity[worst]);
    }));
  });

  it("of a DAG that was skipped is that of what stood in its way", () => {
    for (const before of ["interrupted", "unauthorised", "failed", "busy"] as const) {
      expect(exitCodeOf([ended("a", before), ended("b", "skipped")])).toBe(meaning[before]);
    }
    expect(exitCodeOf([ended("a", "skipped"), ended("b", "partial")])).toBe(1);
  });

  it("of a run without DAGs is that of success", () => expect(exitCodeOf([])).toBe(ExitCode.done));
});

it("a run as JSON says all that it says to people", () => {
  const run = asJson({
    runId: "r1",
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    finishedAt: Date.UTC(2026, 0, 2, 3, 4, 7, 500),
    source: "kite",
    sink: "postgres",
    location: "db.example/market",
    dags: [ended("a", "partial"), {
      dag: "b",
      millis: 1_500,
      ended: "failed",
      message: "away",
      hint: "wait",
    }],
  });
  expect(JSON.parse(JSON.stringify(run))).toEqual({
    runId: "r1",
    exitCode: 1,
    startedAt: "2026-01-02T03:04:05.000Z",
    finishedAt: "2026-01-02T03:04:07.500Z",
    seconds: 2.5,
    source: "kite",
    sandbox: null,
    sink: "postgres",
    location: "db.example/market",
    log: null,
    dags: [
      {
        dag: "a",
        outcome: "partial",
        seconds: 0.001,
        headline: "",
        counts: {},
        tables: [],
        failures: [],
        notes: [],
      },
      { dag: "b", outcome: "failed", seconds: 1.5, headline: "away", hint: "wait" },
    ],
  });
});
