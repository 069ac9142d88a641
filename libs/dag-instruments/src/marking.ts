/** How many listings of an exchange the store holds as current, and how many a dump brought. */
export interface ExchangeCount {
  readonly exchange: string;
  readonly current: number;
  readonly incoming: number;
}

export interface Marking {
  /** Exchanges whose missing listings are marked as delisted. */
  readonly mark: ReadonlySet<string>;
  /** Exchanges that came so small that nothing of them is marked, and the warning to give. */
  readonly doubtful: ReadonlyMap<string, string>;
}

/**
 * Of which exchanges a dump may say that a listing is gone. Not of those that were not asked for, and not of
 * one that is missing or has shrunk by more than half, unless the user confirms it: a vendor's incomplete dump
 * must not delist a market.
 */
export const decideMarking = (
  counts: ReadonlyArray<ExchangeCount>,
  options: { readonly requested: ReadonlyArray<string>; readonly confirmed: boolean },
): Marking => {
  const mark = new Set<string>();
  const doubtful = new Map<string, string>();
  for (const { exchange, current, incoming } of counts) {
    if (options.requested.length > 0 && !options.requested.includes(exchange)) continue;
    if (incoming * 2 >= current || options.confirmed) {
      mark.add(exchange);
    } else {
      const found = incoming === 0 ? "is missing from the dump" : `has only ${incoming} listings in the dump`;
      doubtful.set(
        exchange,
        `${exchange} ${found}, the store holds ${current}: nothing of it was marked as delisted; ` +
          "if the dump is right, run again with --confirm-shrunk",
      );
    }
  }
  return { mark, doubtful };
};
