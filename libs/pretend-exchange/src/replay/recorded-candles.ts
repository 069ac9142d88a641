import { formatLocal, type LocalSeconds } from "../time.ts";
import type { CandleFormat } from "../vendor.ts";

/** A recorded answer cut into rows. Texts are kept as they were recorded: no digit changes on the way. */
export interface RecordedCandles {
  /** Start of each row as `yyyy-mm-ddThh:mm:ss`, IST. */
  readonly stamps: ReadonlyArray<string>;
  /** Each row with its brackets. */
  readonly rows: ReadonlyArray<string>;
}

const ROW = /\[\s*"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\+05:?30"[^\]]*\]/g;

/** Finds the rows of an answer with candles, compact or pretty-printed. */
export const parseRecordedCandles = (text: string): RecordedCandles => {
  const matches = [...text.matchAll(ROW)];
  return { stamps: matches.map((match) => match[1] ?? ""), rows: matches.map(([row]) => row) };
};

/** The rows that start within inclusive bounds. Daily candles go by the date alone. */
export const cutRecordedCandles = (
  { stamps, rows }: RecordedCandles,
  daily: boolean,
  from: LocalSeconds,
  to: LocalSeconds,
): ReadonlyArray<string> => {
  const length = daily ? 10 : 19;
  const first = formatLocal(from).replace(" ", "T").slice(0, length);
  const last = formatLocal(to).replace(" ", "T").slice(0, length);
  return rows.filter((_, i) => {
    const stamp = stamps[i]?.slice(0, length) ?? "";
    return stamp >= first && stamp <= last;
  });
};

/** Rows in a vendor's envelope. */
export const inEnvelope = (rows: ReadonlyArray<string>, { head, tail }: CandleFormat): string =>
  `${head}${rows.join(",")}${tail}`;
