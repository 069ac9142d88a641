import { formatLocal, type LocalSeconds } from "../time.ts";

/** A recorded answer cut into rows. Texts are kept as they were recorded: no digit changes on the way. */
export interface RecordedCandles {
  /** Start of each row as `yyyy-mm-ddThh:mm:ss`, IST. */
  readonly stamps: ReadonlyArray<string>;
  /** Each row with its brackets. */
  readonly rows: ReadonlyArray<string>;
}

const ROW = /\[\s*"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\+0530"[^\]]*\]/g;

/** Finds the rows of a recorded answer of the historical API, compact or pretty-printed. */
export const parseRecordedCandles = (text: string): RecordedCandles => {
  const matches = [...text.matchAll(ROW)];
  return { stamps: matches.map((match) => match[1] ?? ""), rows: matches.map(([row]) => row) };
};

/**
 * The recorded rows that start within inclusive bounds, in the vendor's envelope. Daily candles go by the date
 * alone. Rows keep the number of elements they were recorded with.
 */
export const cutRecordedCandles = (
  { stamps, rows }: RecordedCandles,
  daily: boolean,
  from: LocalSeconds,
  to: LocalSeconds,
): string => {
  const length = daily ? 10 : 19;
  const first = formatLocal(from).replace(" ", "T").slice(0, length);
  const last = formatLocal(to).replace(" ", "T").slice(0, length);
  const kept = rows.filter((_, i) => {
    const stamp = stamps[i]?.slice(0, length) ?? "";
    return stamp >= first && stamp <= last;
  });
  return `{"status":"success","data":{"candles":[${kept.join(",")}]}}`;
};
