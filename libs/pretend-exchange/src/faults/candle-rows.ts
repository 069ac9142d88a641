import { inEnvelope, parseRecordedCandles, type RecordedCandles } from "../replay/recorded-candles.ts";
import type { Answer } from "../server/answer.ts";
import type { CandleFormat } from "../vendor.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The rows of a good answer with candles, each as text; undefined for any other answer. */
export const rowsOf = (
  { status, body }: Answer,
  { head, none }: CandleFormat,
): RecordedCandles | undefined => {
  if (status !== 200) return undefined;
  const text = decoder.decode(body);
  return text.startsWith(head) || text === none ? parseRecordedCandles(text) : undefined;
};

/** The same answer around other rows. */
export const withRows = (due: Answer, rows: ReadonlyArray<string>, format: CandleFormat): Answer => ({
  ...due,
  body: encoder.encode(inEnvelope(rows, format)),
});
