import { Dump, inEnvelope, recordedSeries, SandboxError } from "@candlewick/pretend-exchange";
import { Effect } from "effect";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { type Exchange, UNTRADED } from "./exchange.ts";
import { keyOf, type Scrip } from "./scrip.ts";
import { candleAnswer, wording } from "./wording.ts";

const DEFAULT_SELECTION = 24;

/** How this vendor writes the symbol of a recorded series. */
const symbolOf = (
  { exchange, tradingsymbol }: { readonly exchange: string; readonly tradingsymbol: string },
) => exchange === "NSE" ? `NSE:${tradingsymbol}-EQ` : `${exchange}:${tradingsymbol}`;

const attempt = <A>(message: string, read: () => A | Promise<A>) =>
  Effect.tryPromise({
    try: async () => await read(),
    catch: (cause) => new SandboxError({ message, cause }),
  });

/** A recorded scrip master, `.json` or `.json.gz`. */
const readMaster = Effect.fnUntraced(function* (file: string) {
  const bytes = yield* attempt(`cannot read the scrip master ${file}`, () => readFile(file));
  if (!file.endsWith(".gz")) return new Dump(bytes);
  const plain = yield* attempt(`${file} is not gzip`, () => gunzipSync(bytes));
  return new Dump(plain, bytes);
});

const isScrip = (value: unknown): value is Scrip =>
  typeof value === "object" && value !== null && "token" in value && "symbol" in value && "exch_seg" in value;

const scripsIn = (file: string, master: Dump) =>
  attempt(`${file} is not a scrip master`, () => {
    const rows: unknown = JSON.parse(new TextDecoder().decode(master.plain));
    if (!Array.isArray(rows) || !rows.every(isScrip)) throw new Error("not an array of scrips");
    return rows;
  });

/**
 * Recordings behind Angel One's API: a scrip master, byte for byte, and a folder of candles,
 * `<token>/<interval>.json` with `index.csv`, which may be another vendor's: series are found by exchange and
 * symbol. What was not recorded has no candles. Rows keep their digits; what they have beyond volume is left out.
 *
 * @param candles the folder, without which nothing has candles
 */
export const replayExchange = Effect.fn("replayExchange")(
  function* (file: string, candles: string | undefined) {
    const master = yield* readMaster(file);
    const scrips = yield* scripsIn(file, master);
    const recorded = candles === undefined ? undefined : yield* recordedSeries(candles);
    const index = recorded?.index ?? [];
    const series = new Map(index.map((line) => [symbolOf(line), line.token]));
    const tokens = new Map<string, number>();
    const keys = new Map<string, string>();
    for (const scrip of scrips) {
      const symbol = `${scrip.exch_seg}:${scrip.symbol}`;
      tokens.set(keyOf(scrip), series.get(symbol) ?? UNTRADED);
      keys.set(symbol, keyOf(scrip));
    }
    const exchange: Exchange = {
      description: `replay of ${file}, ${scrips.length} scrips, ${series.size} with candles`,
      master: () => master,
      tokenOf: (key) => tokens.get(key),
      keyOf: (symbol) => keys.get(symbol),
      candles: (query) => {
        const rows = recorded?.rows(query) ?? [];
        return candleAnswer(
          inEnvelope(rows.map(inOwnWords), wording.candles),
          rows.length === 0,
          query.instrumentToken + Math.floor(query.from / 60),
        );
      },
      others: (token) => recorded?.others(token) ?? [],
      selection: () => index.map(symbolOf).filter((symbol) => keys.has(symbol)).slice(0, DEFAULT_SELECTION),
    };
    return exchange;
  },
);

const ROW = /^\[\s*"([^"]*)\+05:?30"((?:\s*,[^,\]]*){5})[^\]]*\]$/;

/** A recorded row with this vendor's stamp and without open interest. */
const inOwnWords = (row: string): string => {
  const match = ROW.exec(row);
  return match === null ? row : `["${match[1]}${wording.candles.offset}"${match[2]}]`;
};
