import { tradingDayFrom } from "../calendar/sessions.ts";
import { between, fraction, hash, pick, substream, type Word } from "../random.ts";
import { type Day, dayOf } from "../time.ts";
import { type CorporateAction, corporateActionsOf, sharesSince } from "./corporate-actions.ts";
import { MAJORS } from "./majors.ts";
import { inventName, type Naming } from "./names.ts";
import { type PricePath, walkPath } from "./walk.ts";

/** A company of the invented market, from its listing to the end of time; what is listed on a day follows from it. */
export interface Company {
  readonly ordinal: number;
  readonly seed: Word;
  /** Its names, each from the day it took effect, oldest first. */
  readonly namings: readonly [NamingSince, ...ReadonlyArray<NamingSince>];
  readonly listed: Day;
  readonly last: Day;
  readonly actions: ReadonlyArray<CorporateAction>;
  /** The price as traded: it falls on an ex-date. */
  readonly path: PricePath;
  /** In units. */
  readonly tick: number;
  readonly hasDerivatives: boolean;
  readonly onNse: boolean;
  readonly onBse: boolean;
  /** Appended to the NSE symbol: `-BE`, `-ST`, ... or nothing. */
  readonly series: string;
  readonly lot: number;
  /** From this day on the NSE listing has another token, under the same symbol. */
  readonly newTokenFrom: Day;
}

export interface NamingSince extends Naming {
  readonly from: Day;
}

const GENERATED = 1200;
const REFERENCE_DAY = dayOf(2026, 1, 1);
const FOREVER: Day = dayOf(2045, 12, 31);

/** The price before splits are thought away: the walk seen by one share of its day. */
const tradedPath = (walk: PricePath, actions: ReadonlyArray<CorporateAction>): PricePath => {
  const atReference = sharesSince(actions, 0, REFERENCE_DAY);
  return { at: (day) => walk.at(day) * atReference / sharesSince(actions, 0, day) };
};

const renamed = (seed: Word, ordinal: number, first: Naming, listed: Day): Company["namings"] => {
  const start = { ...first, from: listed };
  if (between(hash(seed, 10), 0, 11) !== 0) return [start];
  const from = tradingDayFrom(
    between(hash(seed, 11), Math.max(listed + 900, dayOf(2004, 1, 1)), dayOf(2032, 1, 1)),
  );
  return [start, { ...inventName(seed, ordinal), from }];
};

const majors = (market: Word): ReadonlyArray<Company> =>
  MAJORS.map(({ symbol, name, level, listed }, ordinal) => {
    const seed = substream(market, `major ${symbol}`);
    const actions = corporateActionsOf(seed, listed, 4);
    const walk = walkPath({ seed, level, growth: 1.0085, volatility: 0.015 });
    return {
      ordinal,
      seed,
      namings: renamed(seed, ordinal, { symbol, name }, listed),
      listed,
      last: FOREVER,
      actions,
      path: tradedPath(walk, actions),
      tick: 500,
      hasDerivatives: true,
      onNse: true,
      onBse: true,
      series: "",
      lot: 1,
      newTokenFrom: FOREVER,
    };
  });

const SERIES = ["-BE", "-BZ", "-ST", "-SM"] as const;

const generated = (market: Word, ordinal: number): Company => {
  const seed = substream(market, `company ${ordinal}`);
  const young = fraction(hash(seed, 0)) < 0.35;
  const listed = tradingDayFrom(
    young
      ? between(hash(seed, 1), dayOf(2015, 1, 1), dayOf(2034, 1, 1))
      : between(hash(seed, 1), dayOf(1995, 1, 1), dayOf(2015, 1, 1)),
  );
  const venue = between(hash(seed, 2), 0, 99);
  const odd = between(hash(seed, 3), 0, 99);
  const series = odd < 16 ? pick(hash(seed, 4), SERIES) : "";
  const small = series === "-ST" || series === "-SM";
  const actions = corporateActionsOf(seed, listed, small ? 0 : 2);
  const level = 20 + 1600 * fraction(hash(seed, 5)) * fraction(hash(seed, 6));
  const walk = walkPath({ seed, level, growth: 1.005, volatility: 0.021 });
  const dies = between(hash(seed, 7), 0, 11) === 0;
  return {
    ordinal,
    seed,
    namings: renamed(seed, ordinal + 100_000, inventName(market, ordinal), listed),
    listed,
    last: dies ? tradingDayFrom(between(hash(seed, 8), listed + 700, dayOf(2036, 1, 1))) : FOREVER,
    actions,
    path: tradedPath(walk, actions),
    tick: between(hash(seed, 9), 0, 3) === 0 ? 100 : 500,
    hasDerivatives: false,
    onNse: venue < 72,
    onBse: venue >= 45,
    series,
    lot: small ? pick(hash(seed, 12), [800, 1000, 1200, 1600, 2000, 3000]) : 1,
    newTokenFrom: between(hash(seed, 13), 0, 19) === 0
      ? tradingDayFrom(between(hash(seed, 14), listed + 400, dayOf(2034, 1, 1)))
      : FOREVER,
  };
};

/** All companies of the market that `seed` names, past and future. Majors come first. */
export const companiesOf = (seed: Word): ReadonlyArray<Company> => [
  ...majors(seed),
  ...Array.from({ length: GENERATED }, (_, i) => generated(seed, MAJORS.length + i)),
];

/** The symbol and name a company went by on a day. */
export const namingOn = (company: Company, day: Day): Naming =>
  company.namings.findLast(({ from }) => from <= day) ?? company.namings[0];
