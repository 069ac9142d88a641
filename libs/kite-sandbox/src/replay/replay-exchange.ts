import { Effect } from "effect";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Answer, answer } from "../api/answer.ts";
import { Dump, type Exchange } from "../api/exchange.ts";
import type { HistoricalQuery } from "../api/historical-query.ts";
import { SandboxError } from "../error.ts";
import { cutRecordedCandles, parseRecordedCandles, type RecordedCandles } from "./recorded-candles.ts";

const DUMP_FILE = /^(\d{4}-\d{2}-\d{2})\.csv$/;
const KEPT_SERIES = 64;
const DEFAULT_SELECTION = 24;

const NO_CANDLES: RecordedCandles = { stamps: [], rows: [] };

/** Lines of a dump that belong to an exchange, each as recorded, below the recorded header. */
const linesOf = (dump: string, exchange: string): string => {
  const [header = "", ...lines] = dump.split(/(?<=\n)/);
  return header + lines.filter((line) => line.trimEnd().endsWith(`,${exchange}`)).join("");
};

const exchangesOf = (dump: string): ReadonlySet<string> =>
  new Set(
    dump.split("\n").slice(1).map((line) => line.trimEnd().split(",").at(-1) ?? "").filter((name) =>
      name !== ""
    ),
  );

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

/** `exchange:tradingsymbol` to token, of a dump and of the index of recorded candles, which counts more. */
const tokensIn = (dump: string, index: string): ReadonlyMap<string, number> => {
  const tokens = new Map<string, number>();
  for (const line of dump.split("\n").slice(1)) {
    const fields = line.trimEnd().split(",");
    tokens.set(`${fields.at(-1)}:${fields[2]}`, Number(fields[0]));
  }
  for (const line of index.split("\n").slice(1)) {
    const [token, exchange, symbol] = line.trimEnd().split(",");
    tokens.set(`${exchange}:${symbol}`, Number(token));
  }
  return tokens;
};

/**
 * A folder of recordings behind Kite's API: `instruments/<yyyy-mm-dd>.csv` and
 * `historical/<token>/<interval>.json`, with `historical/index.csv` naming what is there. What was not
 * recorded has no candles. Candle files may change while it serves them.
 *
 * @param date which dump to serve, the newest by default
 */
export const replayExchange = Effect.fn("replayExchange")(
  function* (folder: string, date: string | undefined) {
    const attempt = <A>(message: string, read: () => Promise<A>) =>
      Effect.tryPromise({ try: read, catch: (cause) => new SandboxError({ message, cause }) });

    const files = yield* attempt(
      `no folder of recorded instruments at ${join(folder, "instruments")}`,
      () => readdir(join(folder, "instruments")),
    );
    const dates = files.flatMap((file) => DUMP_FILE.exec(file)?.[1] ?? []).sort();
    const chosen = date ?? dates.at(-1);
    if (chosen === undefined || !dates.includes(chosen)) {
      return yield* new SandboxError({
        message: `no recorded instruments of ${date ?? "any date"} in ${folder}, there are: ${
          dates.join(", ")
        }`,
      });
    }
    const path = join(folder, "instruments", `${chosen}.csv`);
    const bytes = yield* attempt(`cannot read ${path}`, () => readFile(path));
    const text = bytes.toString("utf8");
    const exchanges = exchangesOf(text);
    const index = yield* Effect.tryPromise(() => readFile(join(folder, "historical", "index.csv"), "utf8"))
      .pipe(
        Effect.orElseSucceed(() => ""),
      );
    const selection = index.split("\n").slice(1, 1 + DEFAULT_SELECTION).flatMap((line) => {
      const [, exchange, symbol] = line.trimEnd().split(",");
      return exchange && symbol ? [`${exchange}:${symbol}`] : [];
    });

    const whole = new Dump(bytes);
    const parts = new Map<string, Dump>();
    const series = new Map<string, { readonly version: string; readonly recorded: RecordedCandles }>();

    /** Read again when the file has changed since. */
    const load = (token: number, interval: string): RecordedCandles => {
      const file = join(folder, "historical", String(token), `${interval}.json`);
      const version = versionOf(file);
      if (version === undefined) return NO_CANDLES;
      const known = series.get(file);
      if (known?.version === version) return known.recorded;
      const recorded = parseRecordedCandles(readFileSync(file, "utf8"));
      if (series.size >= KEPT_SERIES) series.clear();
      series.set(file, { version, recorded });
      return recorded;
    };

    const tokens = tokensIn(text, index);
    const recordedTokens = (): ReadonlyArray<number> =>
      readdirSync(join(folder, "historical")).filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) =>
        a - b
      );

    const exchange: Exchange = {
      description: `replay of ${folder}, instruments of ${chosen}`,
      dump: (name) => {
        if (name === undefined) return whole;
        if (!exchanges.has(name)) return undefined;
        const known = parts.get(name) ?? new Dump(new TextEncoder().encode(linesOf(text, name)));
        parts.set(name, known);
        return known;
      },
      candles: ({ instrumentToken, interval, from, to }: HistoricalQuery): Answer =>
        answer(
          200,
          "application/json",
          cutRecordedCandles(load(instrumentToken, interval), interval === "day", from, to),
        ),
      tokenOf: (symbol) => tokens.get(symbol),
      others: (token) => {
        const all = recordedTokens();
        return [...all.filter((other) => other > token), ...all.filter((other) => other < token)];
      },
      selection: () => selection,
    };
    return exchange;
  },
);
