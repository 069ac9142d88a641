import { type RunSummary, Text } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DagReport } from "../run/Report.ts";
import { duration } from "./Format.ts";
import { coloured, plain } from "./Style.ts";
import { renderPlan, renderReport, renderRun } from "./Summary.ts";

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const sentence = fc.stringMatching(/^[A-Za-z0-9 ,:]{1,60}$/).map((text) => text.trim()).filter((text) =>
  text !== ""
);

const summaries: fc.Arbitrary<RunSummary.RunSummary> = fc.record({
  outcome: fc.constantFrom("done" as const, "nothing" as const, "partial" as const, "failed" as const),
  headline: sentence,
  counts: fc.dictionary(word, fc.maxSafeNat(), { maxKeys: 8 }),
  tables: fc.array(
    fc.record({
      title: sentence,
      columns: fc.constant(["exchange", "rows"]),
      rows: fc.array(fc.tuple(word, fc.maxSafeNat()), { maxLength: 5 }),
    }),
    { maxLength: 3 },
  ),
  failures: fc.array(
    fc.record({ unit: word, reason: fc.constant("Invalid" as const), message: sentence }),
    { maxLength: 40 },
  ),
  notes: fc.array(sentence, { maxLength: 4 }),
});

const reports: fc.Arbitrary<DagReport> = fc.oneof(
  fc.record({ dag: word, millis: fc.nat(10_000_000), summary: summaries }),
  fc.record({
    dag: word,
    millis: fc.nat(10_000_000),
    ended: fc.constantFrom("failed" as const, "unauthorised" as const, "interrupted" as const),
    message: sentence,
  }),
);

describe("002-P14: DAG completion summary", () => {
  it("tells outcome, duration and every count and figure exactly, however a DAG ended", () => {
    fc.assert(fc.property(reports, (report) => {
      const lines = renderReport(report, plain);
      expect(lines[0]).toContain(`${report.dag}: `);
      expect(lines[0]).toContain(duration(report.millis));
      const text = lines.join("\n");
      if (!("summary" in report)) {
        expect(text).toContain(report.message);
        return;
      }
      const { headline, counts, tables, failures, notes } = report.summary;
      for (const said of [headline, ...notes, ...tables.map(({ title }) => title)]) {
        expect(text).toContain(said);
      }
      for (const [name, count] of Object.entries(counts)) {
        expect(lines.some((line) => line.trim().split(/ +/).join(" ") === `${name} ${Text.number(count)}`))
          .toBe(
            true,
          );
      }
      for (const [name, rows] of tables.flatMap((table) => table.rows)) {
        expect(
          lines.some((line) =>
            line.trim().split(/ +/).join(" ") === `${name} ${Text.number(rows as number)}`
          ),
        )
          .toBe(true);
      }
      if (failures.length > 0) expect(text).toContain(`Failed (${Text.number(failures.length)})`);
      for (const { unit, message } of failures.slice(0, 20)) {
        expect(lines.some((line) => line.includes(unit) && line.includes(message))).toBe(true);
      }
      if (failures.length > 20) expect(text).toContain(`and ${failures.length - 20} more`);
    }));
  });

  it("a run ends with its DAGs, its duration and how many ended how", () => {
    fc.assert(fc.property(fc.array(reports, { minLength: 1, maxLength: 6 }), fc.nat(1e7), (dags, millis) => {
      const run = {
        runId: "r",
        startedAt: 1_000,
        finishedAt: 1_000 + millis,
        source: "s",
        sink: "t",
        location: "l",
        dags,
        log: ".candlewick/logs/x.jsonl",
      };
      const last = renderRun(run, plain).at(-1)!;
      expect(last).toContain(`${dags.length} DAG${dags.length === 1 ? "" : "s"} in ${duration(millis)}: `);
      expect(last).toContain(".candlewick/logs/x.jsonl");
      const counted = last.split(": ")[1]!.split(". ")[0]!.split(", ").map((part) => parseInt(part));
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(dags.length);
      // deno-lint-ignore no-control-regex -- what a terminal takes as colours
      const bare = renderRun(run, coloured).map((line) => line.replaceAll(/\x1b\[\d+m/g, ""));
      expect(bare).toEqual(renderRun(run, plain));
    }));
  });
});

it("reads well", () => {
  const summary: RunSummary.RunSummary = {
    outcome: "partial",
    headline: "1,205 new candles of 2 instruments",
    counts: { instruments: 3, inserted: 1_205 },
    tables: [{
      title: "Fetched",
      columns: ["instrument", "new"],
      rows: [["NSE:INFY", 1_200], ["NSE:M&M", 5]],
    }],
    failures: [{ unit: "NSE:GONE", reason: "Invalid", message: "no such token" }],
    notes: ["3 records were rejected"],
  };
  expect(renderReport({ dag: "historic", millis: 4_210, summary }, plain)).toEqual([
    "historic: done in part, 4.2 s",
    "  1,205 new candles of 2 instruments",
    "",
    "  instruments      3",
    "  inserted     1,205",
    "",
    "  Fetched",
    "    instrument    new",
    "    NSE:INFY    1,200",
    "    NSE:M&M         5",
    "",
    "  Failed (1)",
    "    NSE:GONE  no such token",
    "",
    "  Note: 3 records were rejected",
  ]);
});

it("what is missing stands in the tables of the DAG that looked, not among what failed; details are for --json", () => {
  const summary: RunSummary.RunSummary = {
    outcome: "partial",
    headline: "0 of 1 instrument complete",
    counts: {},
    tables: [],
    failures: [
      { unit: "NSE:INFY", reason: "Missing", message: "2025-01-09 answered empty" },
      { unit: "NSE:TYPO", reason: "Invalid", message: "no such symbol" },
    ],
    notes: [],
    details: [{ symbol: "NSE:INFY" }],
  };
  expect(renderReport({ dag: "coverage", millis: 10, summary }, plain)).toEqual([
    "coverage: done in part, 10 ms",
    "  0 of 1 instrument complete",
    "",
    "  Failed (1)",
    "    NSE:TYPO  no such symbol",
  ]);
});

it("a plan tells requests and time, and that nothing is fetched", () => {
  const plan = {
    headline: "Would ask for 3 series",
    requests: 1_200,
    seconds: 400,
    tables: [],
    notes: ["a note"],
  };
  expect(renderPlan({ dag: "historic", plan }, plain)).toEqual([
    "",
    "historic: dry run, nothing is fetched",
    "  Would ask for 3 series",
    "  1,200 requests, about 6 min 40 s at the source's pace",
    "",
    "  Note: a note",
  ]);
});
