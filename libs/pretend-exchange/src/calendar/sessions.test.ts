import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { dayOf, formatDay, parseDay } from "../time.ts";
import { dayAfterExpiry, monthlyExpiry, weeklyExpiry } from "./expiry.ts";
import { isTradingDay, sessionOn, tradingDayFrom, tradingDayUpTo } from "./sessions.ts";

const day = (text: string) => parseDay(text) ?? Number.NaN;
const minute = (hour: number, minutes: number) => hour * 60 + minutes;

describe("sessions", () => {
  it("are closed on weekends and holidays", () => {
    expect(isTradingDay(day("2026-11-20"))).toBe(true);
    expect(isTradingDay(day("2026-11-21"))).toBe(false);
    expect(isTradingDay(day("2026-11-24"))).toBe(false);
    expect(sessionOn("cash", day("2026-12-25"))).toBeUndefined();
  });

  it("open for Muhurat evenings and for special Saturdays", () => {
    expect(sessionOn("cash", day("2022-10-24"))).toEqual([[minute(18, 15), minute(19, 15)]]);
    expect(sessionOn("cash", day("2020-11-14"))).toEqual([[minute(18, 15), minute(19, 15)]]);
    expect(sessionOn("cash", day("2024-03-02"))).toEqual([
      [minute(9, 15), minute(10, 0)],
      [minute(11, 30), minute(12, 30)],
    ]);
    expect(sessionOn("cash", day("2025-02-01"))).toEqual([[minute(9, 15), minute(15, 30)]]);
  });

  it("lengthen with the closing auction of 2026-08-03", () => {
    const before = day("2026-07-31");
    const after = day("2026-08-03");
    expect(sessionOn("auction", before)?.at(-1)?.[1]).toBe(minute(15, 30));
    expect(sessionOn("auction", after)?.at(-1)?.[1]).toBe(minute(15, 35));
    expect(sessionOn("derivatives", after)?.at(-1)?.[1]).toBe(minute(15, 40));
    expect(sessionOn("cash", after)?.at(-1)?.[1]).toBe(minute(15, 30));
  });

  it("name the neighbouring trading day", () => {
    expect(formatDay(tradingDayFrom(day("2026-11-21")))).toBe("2026-11-23");
    expect(formatDay(tradingDayUpTo(day("2026-11-22")))).toBe("2026-11-20");
  });
});

describe("expiries", () => {
  const month = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1;

  it.each(
    [
      ["nse", "2019-04", "2019-04-25"],
      ["nse", "2026-08", "2026-08-25"],
      ["nse", "2026-11", "2026-11-23"],
      ["bse", "2026-08", "2026-08-27"],
      ["bse", "2026-10", "2026-10-29"],
    ] as const,
  )("of %s in %s fall on %s", (rule, of, expected) => {
    expect(formatDay(monthlyExpiry(rule, month(of)))).toBe(expected);
  });

  it("come every week, on a trading day, in order", () => {
    const first = Math.floor(dayOf(2024, 12, 1) / 7);
    const expiries = Array.from({ length: 80 }, (_, i) => weeklyExpiry("bse", first + i));
    expect(expiries.every(isTradingDay)).toBe(true);
    expect(expiries).toEqual([...expiries].sort((a, b) => a - b));
    expect(new Set(expiries).size).toBe(expiries.length);
  });

  it("are followed by a trading day", () => {
    expect(formatDay(dayAfterExpiry(day("2026-11-23")))).toBe("2026-11-25");
  });
});

const root = join(import.meta.dirname ?? ".", "../../../..");
const historical = join(
  process.env["CANDLEWICK_SHARED"] ?? join(root, "../shared"),
  "recordings/kite/historical",
);

describe.skipIf(!existsSync(historical))("trading days (needs ../shared/recordings)", () => {
  it("are those on which the recorded instruments traded", () => {
    const token = readdirSync(historical).find((name) =>
      /^\d+$/.test(name) && existsSync(join(historical, name, "day.json"))
    );
    const text = readFileSync(join(historical, token ?? "", "day.json"), "utf8");
    const recorded = [...text.matchAll(/"(\d{4}-\d{2}-\d{2})T/g)].map((match) => match[1] ?? "");
    const ours: Array<string> = [];
    for (let on = day(recorded[0] ?? ""); on <= day(recorded.at(-1) ?? ""); on++) {
      if (isTradingDay(on)) ours.push(formatDay(on));
    }
    expect(recorded.length).toBeGreaterThan(1000);
    expect(ours).toEqual(recorded);
  });
});
