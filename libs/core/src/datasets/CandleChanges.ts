import * as Dataset from "../Dataset.ts";

/** One candle of one series at one source; instrument ids are each source's own. */
const series = {
  source: Dataset.text("plugin id of the source"),
  instrument_id: Dataset.int64(),
  interval: Dataset.text(),
};

/** Final candles that a vendor changed afterwards, one by one: what they were and what they became. */
export const candleRevisions = Dataset.make({
  name: "candle_revisions",
  description: "Final candles that the vendor changed later: old and new",
  columns: {
    ...series,
    ts: Dataset.timestamp("start of the candle"),
    revised_at: Dataset.timestamp("when the change was seen"),
    old_open: Dataset.decimal(),
    old_high: Dataset.decimal(),
    old_low: Dataset.decimal(),
    old_close: Dataset.decimal(),
    old_volume: Dataset.int64(),
    old_oi: Dataset.nullable(Dataset.int64()),
    new_open: Dataset.decimal(),
    new_high: Dataset.decimal(),
    new_low: Dataset.decimal(),
    new_close: Dataset.decimal(),
    new_volume: Dataset.int64(),
    new_oi: Dataset.nullable(Dataset.int64()),
  },
  key: ["source", "instrument_id", "interval", "ts", "revised_at"],
});

export type RevisionRow = Dataset.Row<typeof candleRevisions>;

/** Series whose whole past a vendor rewrote, as after a split, and that were fetched afresh. */
export const restatements = Dataset.make({
  name: "restatements",
  description: "Series that the vendor restated, as after a split, and that were fetched afresh",
  columns: {
    ...series,
    detected_at: Dataset.timestamp(),
    changed_before: Dataset.nullable(
      Dataset.timestamp(
        "candles before this instant were seen to have changed; null: fetched afresh on demand",
      ),
    ),
    factor: Dataset.nullable(
      Dataset.decimal("what old prices were multiplied by, where it is one factor: 0.5 after a 2:1 split"),
    ),
    candles: Dataset.int64("candles of the series that took the old one's place"),
  },
  key: ["source", "instrument_id", "interval", "detected_at"],
});

export type RestatementRow = Dataset.Row<typeof restatements>;
