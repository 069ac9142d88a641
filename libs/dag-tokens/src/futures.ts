import type { MarketTime, Source } from "@candlewick/core";
import type { Equities } from "./equities.ts";
import { isTest, type Listed, underlyingOf } from "./listing.ts";

/** A future with the equity it is written on. */
export interface Mapped {
  readonly future: Listed;
  readonly equity: Listed;
  readonly underlying: string;
  /** What is unusual about the equity, where something is. */
  readonly note?: string;
}

/** A future without an equity, and why. */
export interface Unmapped {
  readonly future: Listed;
  readonly underlying: string | undefined;
  readonly reason: string;
}

/** What each future of an exchange came to; every one is in exactly one of these. */
export interface Futures {
  readonly mapped: ReadonlyArray<Mapped>;
  /** Futures on stocks. */
  readonly unmapped: ReadonlyArray<Unmapped>;
  /** Futures of which the vendor does not tell whether they are on stocks, and no listing of the name does. */
  readonly undecided: ReadonlyArray<Unmapped>;
  /** Futures on indices and other things than stocks, of any expiry. */
  readonly others: number;
  readonly leftOut: {
    /** Of other expiries, test contracts not among them. */
    readonly byExpiry: ReadonlyMap<string, number>;
    readonly tests: number;
  };
}

/** What decides over futures. */
export interface Rules {
  readonly underlyings: Source.SourceInfo["underlyings"];
  readonly equities: Equities;
  /** Equities that are gone from the cash exchange. */
  readonly delisted: Equities;
  readonly cashExchange: string;
}

/**
 * What a contract is written on. The vendor's segments tell, or else the name: on an index that bears it, or on a
 * stock that does or did. `undefined` where no listing bears it.
 */
export const kindOf = (
  contract: Listed,
  { cashExchange, delisted, equities, underlyings = {} }: Rules,
): Source.Underlying | undefined => {
  const told = underlyings[contract.segment];
  if (told !== undefined) return told;
  const underlying = underlyingOf(contract);
  if (underlying === undefined) return undefined;
  if (equities.hasIndex(underlying)) return "index";
  const isShare = [equities, delisted].some((some) => some.find(underlying)._tag !== "None");
  return isShare || isTest(underlying, cashExchange) ? "stock" : undefined;
};

const isTestContract = (future: Listed, { cashExchange }: Rules): boolean =>
  isTest(underlyingOf(future) ?? "", cashExchange);

/** The days on which futures on stocks expire, in order, without those of test contracts. */
export const expiriesOf = (
  futures: ReadonlyArray<Listed>,
  rules: Rules,
): ReadonlyArray<MarketTime.Day> =>
  [
    ...new Set(
      futures.flatMap((future) =>
        future.expiry !== null && !isTestContract(future, rules) && kindOf(future, rules) === "stock"
          ? [future.expiry]
          : []
      ),
    ),
  ].sort();

/** The nearest expiry, today included. */
export const currentExpiry = (
  expiries: ReadonlyArray<MarketTime.Day>,
  today: MarketTime.Day,
): MarketTime.Day | undefined => expiries.filter((expiry) => expiry >= today).sort()[0];

const symbols = (listings: ReadonlyArray<Listed>): string =>
  listings.map(({ tradingsymbol }) => tradingsymbol).sort().join(", ");

/** The equity of a future, or why there is none. */
const mapOne = (future: Listed, rules: Rules): Mapped | Unmapped => {
  const underlying = underlyingOf(future);
  const unmapped = (reason: string): Unmapped => ({ future, underlying, reason });
  const { cashExchange, delisted, equities } = rules;
  if (underlying === undefined) return unmapped("it bears no name, and its symbol does not tell one");
  if (isTest(underlying, cashExchange)) return unmapped("a test contract of the exchange");
  const found = equities.find(underlying);
  switch (found._tag) {
    case "Equity":
      return {
        future,
        equity: found.equity,
        underlying,
        ...(found.note === undefined ? {} : { note: found.note }),
      };
    case "Several":
      return unmapped(`several equities of ${cashExchange} bear its name: ${symbols(found.candidates)}`);
    case "None": {
      const gone = delisted.find(underlying);
      if (gone._tag !== "None") {
        const former = gone._tag === "Equity" ? [gone.equity] : gone.candidates;
        return unmapped(`its equity is delisted: ${symbols(former)}`);
      }
      return unmapped(
        `no equity of ${cashExchange} bears its name` +
          (found.others.length === 0 ? "" : `, only ${symbols(found.others)}`),
      );
    }
  }
};

/** Maps the futures of one expiry to their equities, and says of every other what became of it. */
export const mapFutures = (
  futures: ReadonlyArray<Listed>,
  expiry: MarketTime.Day,
  rules: Rules,
): Futures => {
  const mapped: Array<Mapped> = [];
  const unmapped: Array<Unmapped> = [];
  const undecided: Array<Unmapped> = [];
  const byExpiry = new Map<string, number>();
  let others = 0;
  let tests = 0;
  for (const future of futures) {
    const kind = kindOf(future, rules);
    if (kind !== undefined && kind !== "stock") others++;
    else if (future.expiry !== expiry) {
      if (isTestContract(future, rules)) tests++;
      else {
        const other = future.expiry ?? "none";
        byExpiry.set(other, (byExpiry.get(other) ?? 0) + 1);
      }
    } else {
      const one = mapOne(future, rules);
      if ("equity" in one) mapped.push(one);
      else (kind === "stock" ? unmapped : undecided).push(one);
    }
  }
  return { mapped, unmapped, undecided, others, leftOut: { byExpiry, tests } };
};
