import { Decimal } from "@candlewick/core";
import { isMultiple } from "./exact.ts";
import { type Futures, kindOf, type Mapped, type Rules } from "./futures.ts";
import { type Listed, underlyingOf } from "./listing.ts";

/** An option on a stock whose future is mapped; its strike is sound. */
export interface Taken {
  readonly option: Listed;
  readonly strike: Decimal.Decimal;
  readonly of: Mapped;
}

/** What each option of the expiry came to; every one is in exactly one of these. */
export interface Options {
  readonly taken: ReadonlyArray<Taken>;
  /** Options whose strike cannot be one, with the reason. */
  readonly rejected: ReadonlyArray<{ readonly option: Listed; readonly reason: string }>;
  /** Options on stocks whose future is not mapped, or that have none: how many by underlying. */
  readonly unmapped: ReadonlyMap<string, number>;
  /** Options of which nothing tells whether they are on a stock: how many by underlying. */
  readonly undecided: ReadonlyMap<string, number>;
  /** Options on indices and other things than stocks. */
  readonly others: number;
}

/**
 * Why a strike cannot be one; `undefined` when it can. Measured: every strike of all dumps seen is a multiple of its
 * tick size, also after a corporate action (360.75, 553.35), which the exchange rounds to the tick. Calls and puts are
 * not always listed in pairs, so a lone one is no fault.
 */
export const strikeFault = ({ strike, tick_size: tick }: Pick<Listed, "strike" | "tick_size">) => {
  if (strike === null) return "no strike";
  if (!Decimal.isDecimal(strike)) return "strike is not a number";
  if (Decimal.compare(strike, "0") <= 0) return "strike is not above 0";
  return tick === null || Decimal.compare(tick, "0") <= 0 || isMultiple(strike, tick)
    ? undefined
    : "strike is not a multiple of the tick size";
};

const contractKey = ({ of, option, strike }: Taken): string =>
  `${of.future.instrument_id} ${option.instrument_type} ${Decimal.normalize(strike)}`;

const increment = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

/** Sorts the options of the expiry: by what they are written on, and by whether their strike can be one. */
export const takeOptions = (
  options: ReadonlyArray<Listed>,
  futures: Pick<Futures, "mapped">,
  rules: Rules,
): Options => {
  // Of two futures on one stock the first, as in the token table.
  const byUnderlying = new Map(futures.mapped.toReversed().map((one) => [one.underlying, one]));
  const sound: Array<Taken> = [];
  const rejected: Array<Options["rejected"][number]> = [];
  const unmapped = new Map<string, number>();
  const undecided = new Map<string, number>();
  let others = 0;
  for (const option of options) {
    const kind = kindOf(option, rules);
    const underlying = underlyingOf(option);
    const of = underlying === undefined ? undefined : byUnderlying.get(underlying);
    if (kind !== undefined && kind !== "stock") others++;
    else if (of === undefined) {
      increment(kind === "stock" ? unmapped : undecided, underlying ?? "(no name)");
    } else {
      const reason = strikeFault(option);
      if (reason === undefined) sound.push({ option, strike: option.strike!, of });
      else rejected.push({ option, reason });
    }
  }
  const taken: Array<Taken> = [];
  for (const same of Map.groupBy(sound, contractKey).values()) {
    if (same.length === 1) taken.push(same[0]!);
    else for (const { option } of same) rejected.push({ option, reason: "strike listed twice" });
  }
  return { taken, rejected, unmapped, undecided, others };
};
