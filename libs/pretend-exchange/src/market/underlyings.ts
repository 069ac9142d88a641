import type { ExpiryRule } from "../calendar/expiry.ts";
import type { Hours } from "../calendar/sessions.ts";
import { substream, type Word } from "../random.ts";
import { type Day, dayOf } from "../time.ts";
import { type Company, namingOn } from "./companies.ts";
import type { CorporateAction } from "./corporate-actions.ts";
import { indexPath } from "./indices.ts";
import type { Exchange } from "./instrument.ts";
import { type PricePath, walkPath } from "./walk.ts";

/** What futures and options are written on, and by which rules. */
export interface Underlying {
  /** Its place among the underlyings of its exchange; contract tokens depend on it. */
  readonly ordinal: number;
  readonly seed: Word;
  readonly exchange: Exchange & ("NFO" | "BFO" | "CDS" | "BCD" | "MCX");
  readonly symbolOn: (day: Day) => string;
  readonly spot: PricePath;
  readonly actions: ReadonlyArray<CorporateAction>;
  readonly since: Day;
  readonly hours: Hours;
  readonly expiry: ExpiryRule;
  /** Price grid of its contracts in units. */
  readonly tick: number;
  /** A fixed lot, or one that keeps a contract's value near a million rupees. */
  readonly lot: number | "by value";
  /** Months listed at a time. */
  readonly futureMonths: number;
  readonly optionMonths: number;
  /** Strikes listed on each side of the price. */
  readonly reach: number;
  /** Weekly option expiries listed at a time, 0 for none. */
  readonly weeks: number;
  readonly lotsPerDay: number;
  /** Whether `continuous=1` is served. */
  readonly continuous: boolean;
}

const equity = (company: Company, ordinal: number): Underlying => ({
  ordinal,
  seed: company.seed,
  exchange: "NFO",
  symbolOn: (day) => namingOn(company, day).symbol,
  spot: company.path,
  actions: company.actions,
  since: Math.max(company.listed + 1500, dayOf(2001, 11, 9)),
  hours: "derivatives",
  expiry: "nse",
  tick: 500,
  lot: "by value",
  futureMonths: 3,
  optionMonths: 2,
  reach: 3,
  weeks: 0,
  lotsPerDay: 7000,
  continuous: true,
});

const index = (
  market: Word,
  ordinal: number,
  exchange: "NFO" | "BFO",
  symbol: string,
  name: string,
  since: Day,
  weeks: number,
): Underlying => ({
  ordinal,
  seed: substream(market, `index derivatives ${name}`),
  exchange,
  symbolOn: () => symbol,
  spot: indexPath(market, name),
  actions: [],
  since,
  hours: "derivatives",
  expiry: exchange === "NFO" ? "nse" : "bse",
  tick: 500,
  lot: "by value",
  futureMonths: 3,
  optionMonths: 3,
  reach: 9,
  weeks,
  lotsPerDay: 60_000,
  continuous: true,
});

const PAIRS = [["USDINR", 88], ["EURINR", 102], ["GBPINR", 117], ["JPYINR", 58]] as const;

const currencies = (
  market: Word,
  exchange: "CDS" | "BCD",
  months: number,
  reach: number,
): ReadonlyArray<Underlying> =>
  PAIRS.map(([symbol, level], ordinal) => ({
    ordinal,
    seed: substream(market, `${exchange} ${symbol}`),
    exchange,
    symbolOn: () => symbol,
    spot: walkPath({ seed: substream(market, symbol), level, growth: 1.002, volatility: 0.003 }),
    actions: [],
    since: dayOf(2010, 2, 1),
    hours: "currency",
    expiry: "currency",
    tick: 25,
    lot: 1,
    futureMonths: months,
    optionMonths: 3,
    reach,
    weeks: 0,
    lotsPerDay: 200_000,
    continuous: false,
  }));

const COMMODITIES: ReadonlyArray<
  readonly [string, level: number, tick: number, expiry: number, months: number, reach: number]
> = [
  ["GOLD", 78_000, 10_000, 5, 6, 8],
  ["GOLDM", 78_000, 10_000, 3, 5, 0],
  ["GOLDPETAL", 7_800, 10_000, 28, 4, 0],
  ["SILVER", 92_000, 10_000, 5, 6, 8],
  ["SILVERM", 92_000, 10_000, 27, 4, 0],
  ["CRUDEOIL", 6_100, 10_000, 19, 6, 8],
  ["CRUDEOILM", 6_100, 10_000, 19, 5, 0],
  ["NATURALGAS", 265, 1_000, 26, 5, 6],
  ["COPPER", 860, 500, 28, 5, 5],
  ["ZINC", 270, 500, 28, 5, 0],
  ["LEAD", 185, 500, 28, 5, 0],
  ["ALUMINIUM", 240, 500, 28, 5, 0],
  ["NICKEL", 1_480, 1_000, 28, 4, 0],
  ["MENTHAOIL", 930, 1_000, 28, 4, 0],
  ["COTTON", 27_000, 100_000, 28, 3, 0],
];

const commodities = (market: Word): ReadonlyArray<Underlying> =>
  COMMODITIES.map(([symbol, level, tick, expiry, months, reach], ordinal) => ({
    ordinal,
    seed: substream(market, `MCX ${symbol}`),
    exchange: "MCX",
    symbolOn: () => symbol,
    spot: walkPath({ seed: substream(market, symbol), level, growth: 1.005, volatility: 0.011 }),
    actions: [],
    since: dayOf(2005, 1, 3),
    hours: "commodity",
    expiry,
    tick,
    lot: 1,
    futureMonths: months,
    optionMonths: reach > 0 ? 2 : 0,
    reach,
    weeks: 0,
    lotsPerDay: 15_000,
    continuous: true,
  }));

/** Every underlying of the market that `market` names. */
export const underlyingsOf = (market: Word, companies: ReadonlyArray<Company>): ReadonlyArray<Underlying> => [
  index(market, 0, "NFO", "LANTERN", "LANTERN 50", dayOf(2000, 6, 12), 4),
  index(market, 1, "NFO", "LANTERNBANK", "LANTERN BANK", dayOf(2005, 6, 13), 0),
  index(market, 2, "NFO", "LANTERNFIN", "LANTERN FIN SERVICE", dayOf(2021, 1, 11), 0),
  index(market, 3, "NFO", "LANTERNMID", "LANTERN MID SELECT", dayOf(2022, 1, 24), 0),
  ...companies.filter(({ hasDerivatives }) => hasDerivatives).map((company, i) => equity(company, 4 + i)),
  index(market, 0, "BFO", "TALLOW", "TALLOW 30", dayOf(2001, 1, 1), 4),
  index(market, 1, "BFO", "TALLOWBANK", "TALLOW BANK", dayOf(2012, 1, 2), 0),
  ...currencies(market, "CDS", 12, 6),
  ...currencies(market, "BCD", 6, 2),
  ...commodities(market),
];
