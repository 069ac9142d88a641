import { bell, hash, substream } from "../random.ts";
import type { Day } from "../time.ts";
import { type Company, namingOn } from "./companies.ts";
import { type Instrument, instrumentToken } from "./instrument.ts";
import { type Series, UNITS_PER_RUPEE } from "./series.ts";
import type { PricePath } from "./walk.ts";

const tradeable = (company: Company, day: Day) => company.listed <= day && day <= company.last;

const equitySeries = (company: Company, venue: "NSE" | "BSE", path: PricePath): Series => ({
  seed: substream(company.seed, venue),
  path,
  listed: company.listed,
  last: company.last,
  hours: company.hasDerivatives ? "auction" : "cash",
  tick: company.tick,
  lot: company.lot,
  lotsPerDay: (company.hasDerivatives ? 2_400_000 : company.lot > 1 ? 25 : 90_000) /
    (venue === "BSE" ? 12 : 1),
  activity: company.lot > 1 ? 190 : company.hasDerivatives || venue === "NSE" ? 256 : 236,
  swing: company.hasDerivatives ? 0.014 : 0.024,
  hasOpenInterest: false,
  actions: company.actions,
  placeholderDays: company.ordinal === PLACEHOLDER_COMPANY ? 5 : 0,
});

/** Its history begins with zero-price candles, as some of the vendor's do. */
const PLACEHOLDER_COMPANY = 20;

/** Room below for every company, so that tokens never collide. */
const NSE_TOKENS_PER_COMPANY = 7;
const NSE_NEW_TOKENS = 30_000;
const BSE_SCRIP_CODES = 500_000;
const BSE_CODES_PER_COMPANY = 11;

const nseToken = ({ ordinal, seed, newTokenFrom }: Company, day: Day): number =>
  day >= newTokenFrom
    ? NSE_NEW_TOKENS + ordinal
    : 3 + ordinal * NSE_TOKENS_PER_COMPANY + hash(seed, 20) % NSE_TOKENS_PER_COMPANY;

/** Equities of NSE on a day. */
export const nseEquities = (companies: ReadonlyArray<Company>, day: Day): ReadonlyArray<Instrument> =>
  companies.filter((company) => company.onNse && tradeable(company, day)).map((company) => {
    const { symbol, name } = namingOn(company, day);
    const exchangeToken = nseToken(company, day);
    return {
      instrumentToken: instrumentToken(exchangeToken, "NSE"),
      exchangeToken,
      tradingsymbol: symbol + company.series,
      name,
      expiry: undefined,
      strike: 0,
      tickSize: company.tick / UNITS_PER_RUPEE,
      lotSize: company.lot,
      instrumentType: "EQ",
      segment: "NSE",
      exchange: "NSE",
      series: equitySeries(company, "NSE", company.path),
    };
  });

/** Equities of BSE on a day; those listed on both exchanges trade at nearly the same price. */
export const bseEquities = (companies: ReadonlyArray<Company>, day: Day): ReadonlyArray<Instrument> =>
  companies.filter((company) => company.onBse && tradeable(company, day)).map((company) => {
    const { symbol, name } = namingOn(company, day);
    const exchangeToken = BSE_SCRIP_CODES + company.ordinal * BSE_CODES_PER_COMPANY +
      hash(company.seed, 21) % BSE_CODES_PER_COMPANY;
    const path = { at: (on: Day) => company.path.at(on) * (1 + bell(hash(company.seed, on)) * 0.0006) };
    return {
      instrumentToken: instrumentToken(exchangeToken, "BSE"),
      exchangeToken,
      tradingsymbol: symbol,
      name,
      expiry: undefined,
      strike: 0,
      tickSize: company.tick / UNITS_PER_RUPEE,
      lotSize: 1,
      instrumentType: "EQ",
      segment: "BSE",
      exchange: "BSE",
      series: equitySeries(company, "BSE", path),
    };
  });
