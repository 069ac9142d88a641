import { Effect } from "effect";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CandleQuery } from "../vendor.ts";
import { cutRecordedCandles, parseRecordedCandles, type RecordedCandles } from "./recorded-candles.ts";

const KEPT_SERIES = 64;
const NO_CANDLES: RecordedCandles = { stamps: [], rows: [] };

/** A line of the index of recorded candles. */
export interface IndexLine {
  /** Name of the folder. */
  readonly token: number;
  readonly exchange: string;
  readonly tradingsymbol: string;
}

/** A folder of recorded candles: `<token>/<interval>.json`, and `index.csv` naming what is there. */
export interface RecordedSeries {
  /** By the index, in its order; empty without one. */
  readonly index: ReadonlyArray<IndexLine>;
  /** The rows recorded for a query, each as it was recorded: no digit changes on the way. */
  readonly rows: (query: CandleQuery) => ReadonlyArray<string>;
  /** Tokens of other instruments with a folder, those above first. */
  readonly others: (token: number) => ReadonlyArray<number>;
}

const isMissing = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT";

/** When a file changed and how long it is; undefined when there is none. */
const versionOf = (file: string): string | undefined => {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
};

const readIndex = (text: string): ReadonlyArray<IndexLine> =>
  text.split("\n").slice(1).flatMap((line) => {
    const [token, exchange, tradingsymbol] = line.trimEnd().split(",");
    return token && exchange && tradingsymbol ? [{ token: Number(token), exchange, tradingsymbol }] : [];
  });

/** Opens a folder of recorded candles. Files may change while they are served; what was not recorded has no candles. */
export const recordedSeries = Effect.fnUntraced(function* (folder: string): Effect.fn.Return<RecordedSeries> {
  const index = yield* Effect.tryPromise(() => readFile(join(folder, "index.csv"), "utf8")).pipe(
    Effect.map(readIndex),
    Effect.orElseSucceed((): ReadonlyArray<IndexLine> => []),
  );
  const series = new Map<string, { readonly version: string; readonly recorded: RecordedCandles }>();

  /** Read again when the file has changed since. */
  const load = (token: number, interval: string): RecordedCandles => {
    const file = join(folder, String(token), `${interval}.json`);
    const version = versionOf(file);
    if (version === undefined) return NO_CANDLES;
    const known = series.get(file);
    if (known?.version === version) return known.recorded;
    const recorded = parseRecordedCandles(readFileSync(file, "utf8"));
    if (series.size >= KEPT_SERIES) series.clear();
    series.set(file, { version, recorded });
    return recorded;
  };

  return {
    index,
    rows: ({ instrumentToken, interval, from, to }) =>
      cutRecordedCandles(load(instrumentToken, interval), interval === "day", from, to),
    others: (token) => {
      const all = readdirSync(folder).filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b);
      return [...all.filter((other) => other > token), ...all.filter((other) => other < token)];
    },
  };
});
