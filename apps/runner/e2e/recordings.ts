import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { workspace } from "./workspace.ts";

/** Real payloads that lie beside the project, not in it; tests that need them are skipped where they are absent. */
export const recordings = join(
  process.env["CANDLEWICK_SHARED"] ?? join(workspace, "../shared"),
  "recordings",
);

export const kite = join(recordings, "kite");

export const arePresent = existsSync(kite);

/** Instrument dumps by date. */
export const dumpDates = ["2019-04-02", "2019-10-25", "2026-08-14"] as const;

export const dumpText = (date: string): string =>
  readFileSync(join(kite, "instruments", `${date}.csv`), "utf8");

/** The recorded daily and hourly series: token and symbol. */
export const series = (): ReadonlyArray<{ readonly token: string; readonly symbol: string }> =>
  readFileSync(join(kite, "historical/index.csv"), "utf8").trim().split("\n").slice(1).map((line) => {
    const [token = "", exchange = "", tradingsymbol = ""] = line.trim().split(",");
    return { token, symbol: `${exchange}:${tradingsymbol}` };
  });

/** A row of a candle answer with every number as it is spelled in the recording. */
export type SpelledCandle = readonly [
  stamp: string,
  open: string,
  high: string,
  low: string,
  close: string,
  volume: string,
];

/** The candles of a recorded answer, read by a pattern so that no digit passes through a number. */
export const recordedCandles = (token: string, interval: string): ReadonlyArray<SpelledCandle> => {
  const text = readFileSync(join(kite, "historical", token, `${interval}.json`), "utf8");
  const row = /\["([^"]+)",\s*([\d.]+),\s*([\d.]+),\s*([\d.]+),\s*([\d.]+),\s*(\d+)/g;
  return Array.from(text.matchAll(row), ([, ...fields]) => fields as unknown as SpelledCandle);
};
