import { Dataset, instrumentMaster, type Source } from "@candlewick/core";

type Named = Pick<Source.SourceInfo, "id" | "tokenType">;

/** What a row of the token table is. */
export type TokenType = "FUTURES" | "EQUITY" | "OPTIONS";

/** Stock futures of one expiry, their equities and their options, in one table. */
export const tokens = (info: Named) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "tokens"),
    description: `Stock futures of one expiry at ${info.id}, with their equities and options`,
    columns: {
      instrument_id: Dataset.int64(`of ${info.id}_instrument_master`),
      token: instrumentMaster(info).columns.instrument_token,
      exchange: Dataset.text(),
      tradingsymbol: Dataset.text(),
      name: Dataset.text("what futures and options are written on: the symbol of the stock"),
      token_type: Dataset.text("FUTURES, EQUITY or OPTIONS"),
      expiry: Dataset.nullable(Dataset.date("null for equities")),
      strike: Dataset.nullable(Dataset.decimal("of options")),
      option_type: Dataset.nullable(Dataset.text("CE or PE, of options")),
      lot_size: Dataset.nullable(Dataset.int64()),
      tick_size: Dataset.nullable(Dataset.decimal()),
      equity_id: Dataset.nullable(
        Dataset.int64("instrument_id of the equity; null on the equity's own row"),
      ),
      futures_id: Dataset.nullable(
        Dataset.int64("instrument_id of the future; null on the future's own row"),
      ),
      dump_fetched_at: Dataset.timestamp("when the vendor's dump that says so was fetched"),
      updated_at: Dataset.bookkeeping(Dataset.timestamp("when the row was last written")),
    },
    key: ["instrument_id"],
    indexes: [
      { columns: ["token"] },
      { columns: ["tradingsymbol"] },
      { columns: ["name"] },
      { columns: ["token_type"] },
      { columns: ["equity_id"] },
      { columns: ["futures_id"] },
    ],
  });

export type Tokens = ReturnType<typeof tokens>;
export type TokenRow = Dataset.Row<Tokens>;

/** How the strikes of each stock's options lie. */
export const strikeDistribution = (info: Pick<Named, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "strike_distribution"),
    description: `How the strikes of each stock's options in ${info.id}_tokens lie`,
    columns: {
      equity_id: Dataset.int64(),
      futures_id: Dataset.int64(),
      name: Dataset.text(),
      expiry: Dataset.date(),
      strikes: Dataset.int64("different strikes"),
      lowest: Dataset.decimal(),
      highest: Dataset.decimal(),
      step: Dataset.nullable(
        Dataset.decimal("commonest distance of neighbouring strikes; null with one strike"),
      ),
      calls: Dataset.int64("CE contracts"),
      puts: Dataset.int64("PE contracts"),
      lone_calls: Dataset.int64("strikes with a CE alone"),
      lone_puts: Dataset.int64("strikes with a PE alone"),
      irregular_steps: Dataset.int64("distances other than the commonest"),
      gaps: Dataset.int64("distances wider than the two below and the two above"),
      dump_fetched_at: Dataset.timestamp(),
      updated_at: Dataset.bookkeeping(Dataset.timestamp()),
    },
    key: ["equity_id"],
    indexes: [{ columns: ["name"] }],
  });

export type StrikeDistributionRow = Dataset.Row<ReturnType<typeof strikeDistribution>>;

/** What the token table was derived from: one row. */
export const derivations = (info: Pick<Named, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "token_derivation"),
    description: `From which dumps ${info.id}_tokens was derived`,
    columns: {
      exchange: Dataset.text("of the derivatives"),
      cash_exchange: Dataset.text("of the equities"),
      expiry: Dataset.date(),
      is_current: Dataset.boolean("whether the expiry was chosen as the current one, not by its day"),
      dump_fetched_at: Dataset.timestamp("when the dump of the derivatives was fetched"),
      cash_dump_fetched_at: Dataset.timestamp("when the dump of the equities was fetched"),
      futures: Dataset.int64(),
      equities: Dataset.int64(),
      options: Dataset.int64(),
      unmapped: Dataset.int64("futures on stocks for which no equity was found"),
      derived_at: Dataset.bookkeeping(Dataset.timestamp()),
    },
    key: ["exchange"],
  });

export type DerivationRow = Dataset.Row<ReturnType<typeof derivations>>;
