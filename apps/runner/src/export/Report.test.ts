import type { Completeness } from "@candlewick/core";
import { describe, expect, it } from "vitest";
import { plain } from "../display/Style.ts";
import { asJson, type ExportReport, renderExport } from "./Report.ts";

const hole = (from: string, to: string, sessions: number | null): Completeness.Hole => ({
  from,
  to,
  sessions,
  reason: "never asked",
});

const report: ExportReport = {
  path: "/data/a.parquet",
  format: "parquet",
  interval: "day",
  rows: 1_234,
  bytes: 45_600,
  first: Date.UTC(2023, 11, 31, 18, 30),
  last: Date.UTC(2025, 11, 30, 18, 30),
  days: ["2024-01-01", "2025-12-31"],
  series: [
    { symbol: "NSE:A", instrumentId: 1, rows: 1_234, missing: [] },
    { symbol: "NSE:B", instrumentId: 2, rows: 0, missing: [hole("2024-01-01", "2024-01-03", 3)] },
    { symbol: "NSE:C", instrumentId: 3, rows: 0, missing: [] },
  ],
  failures: [],
  source: "kite",
  sink: "postgres",
  location: "somewhere",
  isSandbox: false,
};

describe("what an export tells", () => {
  it("says what was written and what is missing of it", () => {
    expect(renderExport(report, plain)).toEqual([
      "Wrote 1,234 candles of 1 instrument at interval day, 2024-01-01 to 2025-12-31, 45.6 KB: /data/a.parquet",
      "warning: no candle in the days asked for: NSE:C",
      "warning: NSE:B: 3 sessions missing: 2024-01-01 to 2024-01-03 never asked",
      "warning: nx run runner:coverage shows what is missing, why, and what fetches it",
    ]);
  });

  it("names ten instruments and three holes of each, and counts the others", () => {
    const holes = ["01", "03", "05", "09"].map((day) => hole(`2024-01-${day}`, `2024-01-${day}`, null));
    const series = Array.from({ length: 12 }, (_, n) => ({
      symbol: `NSE:S${n}`,
      instrumentId: n,
      rows: 1,
      missing: holes,
    }));
    const lines = renderExport({ ...report, series }, plain);
    expect(lines).toHaveLength(13);
    expect(lines[1]).toBe(
      "warning: NSE:S0: 4 days missing: 2024-01-01 never asked; 2024-01-03 never asked; 2024-01-05 never asked; " +
        "and 1 more hole",
    );
    expect(lines[11]).toBe("warning: and 2 more instruments of which something is missing");
  });

  it("is complete, for programs, when nothing is missing", () => {
    expect(asJson(report)).toMatchObject({
      exitCode: 0,
      isComplete: false,
      first: "2023-12-31T18:30:00.000Z",
    });
    expect(asJson({ ...report, series: [report.series[0]!] })).toMatchObject({
      exitCode: 0,
      isComplete: true,
    });
    const failures = [{ unit: "NSE:X", reason: "Invalid" as const, message: "NSE:X is not in kite" }];
    expect(asJson({ ...report, series: [report.series[0]!], failures })).toMatchObject({
      exitCode: 3,
      isComplete: false,
    });
  });
});
