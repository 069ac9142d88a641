import { Decimal } from "@candlewick/core";
import { commonPlaces, decimalOf, unitsOf } from "./exact.ts";

export interface Contract {
  readonly strike: Decimal.Decimal;
  readonly type: "CE" | "PE";
}

/** A distance of neighbouring strikes. */
export interface Step {
  readonly from: Decimal.Decimal;
  readonly to: Decimal.Decimal;
}

/** How the strikes of one underlying lie. */
export interface Distribution {
  /** Different strikes. */
  readonly strikes: number;
  readonly lowest: Decimal.Decimal;
  readonly highest: Decimal.Decimal;
  /** The commonest distance of neighbours, the smaller of two as common; `null` with one strike. */
  readonly step: Decimal.Decimal | null;
  readonly calls: number;
  readonly puts: number;
  /** Strikes with a call alone, and with a put alone. */
  readonly loneCalls: ReadonlyArray<Decimal.Decimal>;
  readonly lonePuts: ReadonlyArray<Decimal.Decimal>;
  /** Distances other than the commonest: exchanges list twice the step far from the price. */
  readonly irregular: number;
  /** Where a strike was probably left out; see `gapsOf`. */
  readonly gaps: ReadonlyArray<Step>;
}

/** The commonest of some values, the smaller of two as common. */
const commonest = (values: ReadonlyArray<bigint>): bigint | undefined => {
  const counts = new Map<bigint, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
};

/**
 * Places of distances that are wider than the two below and the two above them. A wider step all the way to an end is
 * none; nor are the long steps where old strikes that a corporate action has moved lie between new ones (7590, 7600,
 * 7690, 7700), of which every other one is long.
 */
const gapsOf = (steps: ReadonlyArray<bigint>): ReadonlyArray<number> =>
  steps.flatMap((step, at) => {
    const isInside = at > 0 && at < steps.length - 1;
    const near = [...steps.slice(Math.max(0, at - 2), at), ...steps.slice(at + 1, at + 3)];
    return isInside && near.every((other) => other < step) ? [at] : [];
  });

/** The distribution of one contract or more. */
export const distributionOf = (contracts: readonly [Contract, ...ReadonlyArray<Contract>]): Distribution => {
  const places = commonPlaces(contracts.map(({ strike }) => strike));
  const of = (type: Contract["type"]) => contracts.filter((contract) => contract.type === type);
  const units = (some: ReadonlyArray<Contract>) => new Set(some.map(({ strike }) => unitsOf(strike, places)));
  const calls = units(of("CE"));
  const puts = units(of("PE"));
  const strikes = [...calls.union(puts)].sort((a, b) => (a < b ? -1 : 1));
  const steps = strikes.slice(1).map((strike, at) => strike - strikes[at]!);
  const step = commonest(steps);
  const show = (strike: bigint) => decimalOf(strike, places);
  return {
    strikes: strikes.length,
    lowest: show(strikes[0]!),
    highest: show(strikes.at(-1)!),
    step: step === undefined ? null : show(step),
    calls: of("CE").length,
    puts: of("PE").length,
    loneCalls: strikes.filter((strike) => !puts.has(strike)).map(show),
    lonePuts: strikes.filter((strike) => !calls.has(strike)).map(show),
    irregular: steps.filter((one) => one !== step).length,
    gaps: gapsOf(steps).map((at) => ({ from: show(strikes[at]!), to: show(strikes[at + 1]!) })),
  };
};

/** How the strikes of all underlyings lie. */
export interface Overall {
  readonly underlyings: number;
  readonly strikes: number;
  readonly calls: number;
  readonly puts: number;
  /** Strikes per underlying; of an even number the lower one in the middle. */
  readonly fewest: number;
  readonly median: number;
  readonly most: number;
  readonly withGaps: number;
  readonly withLoneStrikes: number;
}

export const overallOf = (distributions: ReadonlyArray<Distribution>): Overall => {
  const sum = (value: (one: Distribution) => number) =>
    distributions.reduce((total, one) => total + value(one), 0);
  const counts = distributions.map(({ strikes }) => strikes).sort((a, b) => a - b);
  return {
    underlyings: distributions.length,
    strikes: sum(({ strikes }) => strikes),
    calls: sum(({ calls }) => calls),
    puts: sum(({ puts }) => puts),
    fewest: counts[0] ?? 0,
    median: counts[Math.floor((counts.length - 1) / 2)] ?? 0,
    most: counts.at(-1) ?? 0,
    withGaps: distributions.filter(({ gaps }) => gaps.length > 0).length,
    withLoneStrikes:
      distributions.filter(({ loneCalls, lonePuts }) => loneCalls.length + lonePuts.length > 0).length,
  };
};
