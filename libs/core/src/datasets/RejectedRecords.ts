import * as Dataset from "../Dataset.ts";
import { digest, type Rejection } from "../Rejection.ts";

/** Records that a vendor sent and that were not stored, with the reason and the raw value. */
export const rejectedRecords = Dataset.make({
  name: "rejected_records",
  description: "Records that were sent and not stored, and why",
  columns: {
    source: Dataset.text("plugin id of the source"),
    dataset: Dataset.text("where the record would have gone"),
    record_key: Dataset.text("what it belongs to, and a digest of the raw value"),
    reason: Dataset.text(),
    raw: Dataset.text("the record as it came"),
    subject: Dataset.nullable(Dataset.text("what it belongs to: for a candle <instrument_id>:<interval>")),
    ts: Dataset.nullable(Dataset.timestamp("start of a rejected candle, where its stamp could be read")),
    rejected_at: Dataset.bookkeeping(Dataset.timestamp()),
  },
  key: ["source", "dataset", "record_key"],
  indexes: [{ columns: ["subject"] }],
});

export type RejectedRow = Dataset.Row<typeof rejectedRecords>;

/** No store holds NUL or half of a surrogate pair; a broken answer may bring both. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** Rows for some rejections; the same record rejected again is the same row. */
export const rejectedRows = (
  at: { readonly source: string; readonly dataset: string; readonly subject: string; readonly time: number },
  rejections: ReadonlyArray<Rejection>,
): ReadonlyArray<RejectedRow> => {
  const rows = new Map<string, RejectedRow>();
  for (const { reason, raw, ts } of rejections) {
    const key = storable(`${at.subject}:${digest(raw)}`);
    rows.set(key, {
      source: at.source,
      dataset: at.dataset,
      record_key: key,
      reason: storable(reason),
      raw: storable(raw),
      subject: storable(at.subject),
      ts: ts ?? null,
      rejected_at: at.time,
    });
  }
  return [...rows.values()];
};
