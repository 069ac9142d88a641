import * as Dataset from "../Dataset.ts";
import type { CandleSubject, SourceInfo } from "../Source.ts";

/** Type of `instrument_token`: whole numbers for vendors whose tokens are numbers, text for the others. */
const token = (info: Pick<SourceInfo, "tokenType">): Dataset.Column<"int64" | "text", false> =>
  info.tokenType === "int64"
    ? Dataset.int64("the vendor's token; recycled by some exchanges")
    : Dataset.text("the vendor's token; recycled by some exchanges");

const attributes = (info: Pick<SourceInfo, "tokenType">) => ({
  instrument_token: token(info),
  exchange: Dataset.text(),
  tradingsymbol: Dataset.text(),
  exchange_token: Dataset.nullable(Dataset.text()),
  instrument_type: Dataset.text(),
  name: Dataset.nullable(Dataset.text()),
  segment: Dataset.text(),
  expiry: Dataset.nullable(Dataset.date()),
  strike: Dataset.nullable(Dataset.decimal()),
  tick_size: Dataset.nullable(Dataset.decimal()),
  lot_size: Dataset.nullable(Dataset.int64()),
});

type Named = Pick<SourceInfo, "id" | "tokenType">;

/** Every listing ever seen at a source, by surrogate id; `delisted_at` is null while it is in the latest dump. */
export const instrumentMaster = (info: Named) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "instrument_master"),
    description: `Every listing ever seen at ${info.id}`,
    columns: {
      instrument_id: Dataset.int64("identifies the listing for ever; candles belong to it"),
      ...attributes(info),
      last_updated: Dataset.timestamp("when the row last changed"),
      created_at: Dataset.timestamp("when the listing was first seen"),
      delisted_at: Dataset.nullable(Dataset.timestamp("when it was found missing from a dump")),
    },
    key: ["instrument_id"],
    indexes: [
      { columns: ["tradingsymbol"] },
      { columns: ["exchange"] },
      { columns: ["instrument_type"] },
      { columns: ["segment"] },
      { columns: ["instrument_token"] },
    ],
  });

export type InstrumentMaster = ReturnType<typeof instrumentMaster>;
export type InstrumentRow = Dataset.Row<InstrumentMaster>;

/** What listings were before they changed: a row for each former state, with the time it held. */
export const instrumentHistory = (info: Named) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "instrument_history"),
    description: `Former states of listings at ${info.id}; the present one stands in the master`,
    columns: {
      instrument_id: Dataset.int64(),
      valid_from: Dataset.timestamp(),
      valid_to: Dataset.timestamp("end of validity, exclusive"),
      ...attributes(info),
      delisted_at: Dataset.nullable(Dataset.timestamp()),
    },
    key: ["instrument_id", "valid_from"],
    indexes: [{ columns: ["instrument_token"] }, { columns: ["tradingsymbol"] }],
  });

export type InstrumentHistory = ReturnType<typeof instrumentHistory>;
export type InstrumentHistoryRow = Dataset.Row<InstrumentHistory>;

/** When each exchange's dump was last fetched, and how large it was. */
export const instrumentDumps = (info: Pick<SourceInfo, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "instrument_dump"),
    description: `The latest instrument dump of each exchange at ${info.id}`,
    columns: {
      exchange: Dataset.text(),
      fetched_at: Dataset.timestamp(),
      listings: Dataset.int64("rows of this exchange in the dump"),
      complete: Dataset.boolean("false when the dump was so small that nothing was marked delisted"),
    },
    key: ["exchange"],
  });

/** What a vendor needs to know of a stored listing to find its candles. */
export const subjectOf = (
  row: Pick<
    InstrumentRow,
    "instrument_token" | "exchange" | "tradingsymbol" | "segment" | "instrument_type" | "expiry"
  >,
): CandleSubject => ({
  token: String(row.instrument_token),
  exchange: row.exchange,
  tradingsymbol: row.tradingsymbol,
  segment: row.segment,
  instrumentType: row.instrument_type,
  expiry: row.expiry,
});
