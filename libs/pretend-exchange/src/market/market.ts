import { substream } from "../random.ts";
import type { Day } from "../time.ts";
import { bseEquities, nseEquities } from "./cash.ts";
import { companiesOf, type Company, namingOn } from "./companies.ts";
import { bseDebt, nseDebt } from "./debt.ts";
import { futuresOn } from "./futures.ts";
import { indices } from "./indices.ts";
import type { Instrument } from "./instrument.ts";
import { DEFAULT_SELECTION } from "./majors.ts";
import { optionsOn } from "./options.ts";
import { underlyingsOf } from "./underlyings.ts";

/** The instruments listed on one day. */
export interface Listing {
  readonly day: Day;
  readonly instruments: ReadonlyArray<Instrument>;
  readonly byToken: ReadonlyMap<number, Instrument>;
}

/** An invented market: a pure function of its seed and the day. */
export interface Market {
  readonly companies: ReadonlyArray<Company>;
  readonly listingOn: (day: Day) => Listing;
  /** `NSE:SYMBOL` of the blue chips a first run loads. */
  readonly defaultSymbols: (day: Day) => ReadonlyArray<string>;
}

const KEPT_LISTINGS = 3;

/** The market that `seed` names, an unsigned 32-bit integer. */
export const makeMarket = (seed: number): Market => {
  const word = substream(seed, "market");
  const companies = companiesOf(word);
  const underlyings = underlyingsOf(word, companies);
  const listings = new Map<Day, Listing>();

  const list = (day: Day): Listing => {
    const instruments = [
      ...indices(word),
      ...nseEquities(companies, day),
      ...nseDebt(word, day),
      ...bseEquities(companies, day),
      ...bseDebt(word, day),
      ...underlyings.flatMap((underlying) => futuresOn(underlying, day)),
      ...underlyings.flatMap((underlying) => optionsOn(underlying, day)),
    ];
    const byToken = new Map<number, Instrument>();
    for (const instrument of instruments) {
      if (!byToken.has(instrument.instrumentToken)) byToken.set(instrument.instrumentToken, instrument);
    }
    return { day, instruments, byToken };
  };

  return {
    companies,
    listingOn: (day) => {
      const known = listings.get(day);
      if (known !== undefined) return known;
      const listing = list(day);
      listings.set(day, listing);
      for (const old of listings.keys()) {
        if (listings.size <= KEPT_LISTINGS) break;
        listings.delete(old);
      }
      return listing;
    },
    defaultSymbols: (day) =>
      companies.slice(0, DEFAULT_SELECTION).map((company) => `NSE:${namingOn(company, day).symbol}`),
  };
};
