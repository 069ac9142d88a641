import {
  answer,
  Dump,
  inEnvelope,
  type RecordedSeries,
  recordedSeries,
  SandboxError,
} from "@candlewick/pretend-exchange";
import { Effect } from "effect";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Exchange } from "./api/exchange.ts";
import { wording } from "./wording.ts";

const DUMP_FILE = /^(\d{4}-\d{2}-\d{2})\.csv$/;
const DEFAULT_SELECTION = 24;

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

/** `exchange:tradingsymbol` to token, of a dump and of the index of recorded candles, which counts more. */
const tokensIn = (dump: string, index: RecordedSeries["index"]): ReadonlyMap<string, number> => {
  const tokens = new Map<string, number>();
  for (const line of dump.split("\n").slice(1)) {
    const fields = line.trimEnd().split(",");
    tokens.set(`${fields.at(-1)}:${fields[2]}`, Number(fields[0]));
  }
  for (const { token, exchange, tradingsymbol } of index) tokens.set(`${exchange}:${tradingsymbol}`, token);
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
    const recorded = yield* recordedSeries(join(folder, "historical"));

    const whole = new Dump(bytes);
    const parts = new Map<string, Dump>();
    const tokens = tokensIn(text, recorded.index);
    const exchange: Exchange = {
      description: `replay of ${folder}, instruments of ${chosen}`,
      dump: (name) => {
        if (name === undefined) return whole;
        if (!exchanges.has(name)) return undefined;
        const known = parts.get(name) ?? new Dump(new TextEncoder().encode(linesOf(text, name)));
        parts.set(name, known);
        return known;
      },
      candles: (query) => answer(200, "application/json", inEnvelope(recorded.rows(query), wording.candles)),
      tokenOf: (symbol) => tokens.get(symbol),
      others: recorded.others,
      selection: () =>
        recorded.index.slice(0, DEFAULT_SELECTION).map(({ exchange, tradingsymbol }) =>
          `${exchange}:${tradingsymbol}`
        ),
    };
    return exchange;
  },
);
