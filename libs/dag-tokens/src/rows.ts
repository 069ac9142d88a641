import type { StrikeDistributionRow, TokenRow, TokenType } from "./datasets.ts";
import type { Distribution } from "./distribution.ts";
import type { Mapped } from "./futures.ts";
import type { Listed } from "./listing.ts";
import type { Taken } from "./options.ts";

/** When what was written, epoch milliseconds. */
export interface Times {
  readonly dump: number;
  readonly cashDump: number;
  readonly now: number;
}

const rowOf = (
  listing: Listed,
  type: TokenType,
  name: string,
  references: Pick<TokenRow, "equity_id" | "futures_id">,
  { cashDump, dump, now }: Times,
): TokenRow => ({
  instrument_id: listing.instrument_id,
  token: listing.instrument_token,
  exchange: listing.exchange,
  tradingsymbol: listing.tradingsymbol,
  name,
  token_type: type,
  expiry: listing.expiry,
  // Some vendors write 0 for what has none.
  strike: type === "OPTIONS" ? listing.strike : null,
  option_type: type === "OPTIONS" ? listing.instrument_type : null,
  lot_size: listing.lot_size,
  tick_size: listing.tick_size,
  ...references,
  dump_fetched_at: type === "EQUITY" ? cashDump : dump,
  updated_at: now,
});

/** The token table: futures, then each equity once, then options. Of two futures on one equity it names the first. */
export const tokenRows = (
  mapped: ReadonlyArray<Mapped>,
  options: ReadonlyArray<Taken>,
  times: Times,
): ReadonlyArray<TokenRow> => {
  const equities = new Map<number, Mapped>();
  for (const one of mapped) {
    if (!equities.has(one.equity.instrument_id)) equities.set(one.equity.instrument_id, one);
  }
  return [
    ...mapped.map(({ equity, future, underlying }) =>
      rowOf(future, "FUTURES", underlying, { equity_id: equity.instrument_id, futures_id: null }, times)
    ),
    ...[...equities.values()].map(({ equity, future, underlying }) =>
      rowOf(equity, "EQUITY", underlying, { equity_id: null, futures_id: future.instrument_id }, times)
    ),
    ...options.map(({ of, option }) =>
      rowOf(option, "OPTIONS", of.underlying, {
        equity_id: of.equity.instrument_id,
        futures_id: of.future.instrument_id,
      }, times)
    ),
  ];
};

export const distributionRow = (
  { equity, future, underlying }: Mapped,
  distribution: Distribution,
  { dump, now }: Times,
): StrikeDistributionRow => ({
  equity_id: equity.instrument_id,
  futures_id: future.instrument_id,
  name: underlying,
  expiry: future.expiry!,
  strikes: distribution.strikes,
  lowest: distribution.lowest,
  highest: distribution.highest,
  step: distribution.step,
  calls: distribution.calls,
  puts: distribution.puts,
  lone_calls: distribution.loneCalls.length,
  lone_puts: distribution.lonePuts.length,
  irregular_steps: distribution.irregular,
  gaps: distribution.gaps.length,
  dump_fetched_at: dump,
  updated_at: now,
});
