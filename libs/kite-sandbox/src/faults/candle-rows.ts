import type { Answer } from "../api/answer.ts";
import { parseRecordedCandles, type RecordedCandles } from "../replay/recorded-candles.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The rows of a good answer of the historical API, each as text; undefined for any other answer. */
export const rowsOf = ({ status, body }: Answer): RecordedCandles | undefined => {
  if (status !== 200) return undefined;
  const text = decoder.decode(body);
  return text.startsWith('{"status":"success","data":{"candles":[') ? parseRecordedCandles(text) : undefined;
};

/** The same answer around other rows. */
export const withRows = (due: Answer, rows: ReadonlyArray<string>): Answer => ({
  ...due,
  body: encoder.encode(`{"status":"success","data":{"candles":[${rows.join(",")}]}}`),
});
