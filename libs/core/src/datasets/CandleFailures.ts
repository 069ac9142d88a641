import * as Dataset from "../Dataset.ts";

/** Series whose last fetch failed, with the range it failed at; the row goes when the range has been fetched. */
export const candleFailures = Dataset.make({
  name: "candle_failures",
  description: "Series whose last fetch failed, and how",
  columns: {
    source: Dataset.text("plugin id of the source"),
    instrument_id: Dataset.int64(),
    interval: Dataset.text(),
    range_start: Dataset.timestamp("inclusive"),
    range_end: Dataset.timestamp("exclusive"),
    reason: Dataset.text("RateLimited, Unavailable, Invalid, Corrupt or Store"),
    message: Dataset.text(),
    tries: Dataset.int64("tries so far, of all runs together"),
    failed_at: Dataset.timestamp("the last try"),
  },
  key: ["source", "instrument_id", "interval"],
});

export type FailureRow = Dataset.Row<typeof candleFailures>;
