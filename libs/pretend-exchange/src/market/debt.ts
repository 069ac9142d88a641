import { tradingDayFrom } from "../calendar/sessions.ts";
import { between, hash, pick, substream, type Word } from "../random.ts";
import { civil, type Day, dayOf } from "../time.ts";
import { type Exchange, type Instrument, instrumentToken } from "./instrument.ts";
import { walkPath } from "./walk.ts";

interface Issue {
  readonly exchangeToken: number;
  readonly symbol: string;
  readonly name: string;
  readonly listed: Day;
  readonly matures: Day;
  readonly level: number;
  readonly lot: number;
}

const STATES = ["GJ", "TN", "AP", "KA", "MH", "RJ", "UP", "KL"] as const;
const BILL_DAYS = 91;
const BILL_TOKENS = 740_000;
const BOND_TOKENS = 760_000;
const BONDS = 420;
const BSE_DEBT_TOKENS = 935_000;
const BSE_DEBTS = 180;

const two = (n: number) => String(n).padStart(2, "0");

/** A treasury bill is auctioned every week and gone after 91 days: listings that come and go. */
const billsOn = (day: Day): ReadonlyArray<Issue> => {
  const week = Math.floor(day / 7);
  return Array.from({ length: 14 }, (_, i) => week - i).flatMap((auction) => {
    const matures = tradingDayFrom(auction * 7 + BILL_DAYS);
    const listed = tradingDayFrom(auction * 7);
    if (listed > day || matures < day) return [];
    const { year, month, date } = civil(matures);
    const stamp = `${two(date)}${two(month)}${two(year % 100)}`;
    return [{
      exchangeToken: BILL_TOKENS + auction % 15_000,
      symbol: `91D${stamp}-TB`,
      name: `GOI TBILL 91D-${two(date)}/${two(month)}/${two(year % 100)}`,
      listed,
      matures,
      level: 98,
      lot: 100,
    }];
  });
};

const bond = (market: Word, ordinal: number): Issue => {
  const seed = substream(market, `bond ${ordinal}`);
  const listed = tradingDayFrom(between(hash(seed, 0), dayOf(2012, 1, 1), dayOf(2033, 1, 1)));
  const matures = listed + 365 * between(hash(seed, 1), 3, 15);
  const coupon = between(hash(seed, 2), 680, 960);
  const year = civil(matures).year;
  const state = pick(hash(seed, 3), STATES);
  const ofState = between(hash(seed, 4), 0, 1) === 0;
  const letters = String.fromCharCode(65 + ordinal % 26, 65 + Math.floor(ordinal / 26) % 26);
  return {
    exchangeToken: BOND_TOKENS + ordinal,
    symbol: ofState
      ? `${coupon}${state}${year % 100}${letters[0]}-SG`
      : `${coupon}${letters}WF${year % 100}-N${ordinal % 9}`,
    name: ofState ? `SDL ${state} ${coupon / 100}% ${year}` : "",
    listed,
    matures,
    level: ofState ? 102 : 1040,
    lot: ofState ? 100 : 1,
  };
};

/** BSE debentures: dots, stars and backticks in symbols; every tenth pair shares a token, as at the vendor. */
const debenture = (market: Word, ordinal: number): Issue => {
  const seed = substream(market, `debenture ${ordinal}`);
  const listed = tradingDayFrom(between(hash(seed, 0), dayOf(2010, 1, 1), dayOf(2030, 1, 1)));
  const letters = String.fromCharCode(65 + ordinal % 26, 65 + Math.floor(ordinal / 5) % 26);
  const mark = pick(hash(seed, 1), [".", "*", "`", " ", "-"]);
  return {
    exchangeToken: BSE_DEBT_TOKENS + (ordinal % 20 === 1 ? ordinal - 1 : ordinal),
    symbol: `${between(hash(seed, 2), 700, 999)}${letters}${mark}${ordinal}`,
    name: between(hash(seed, 3), 0, 3) === 0 ? `${letters} NCD SERIES ${ordinal} ` : "",
    listed,
    matures: listed + 365 * between(hash(seed, 4), 8, 25),
    level: 1000,
    lot: pick(hash(seed, 5), [1, 10, 1_000_000]),
  };
};

const toInstrument = (market: Word, exchange: Exchange & ("NSE" | "BSE")) => (issue: Issue): Instrument => {
  const seed = substream(market, `${exchange} ${issue.symbol} ${issue.exchangeToken}`);
  return {
    instrumentToken: instrumentToken(issue.exchangeToken, exchange),
    exchangeToken: issue.exchangeToken,
    tradingsymbol: issue.symbol,
    name: issue.name,
    expiry: undefined,
    strike: 0,
    tickSize: 0.01,
    lotSize: issue.lot,
    instrumentType: "EQ",
    segment: exchange,
    exchange,
    series: {
      seed,
      path: walkPath({ seed, level: issue.level, growth: 1, volatility: 0.001 }),
      listed: issue.listed,
      last: issue.matures,
      hours: "cash",
      tick: 100,
      lot: 1,
      lotsPerDay: 40,
      activity: 70,
      swing: 0.002,
      hasOpenInterest: false,
      actions: [],
      placeholderDays: 0,
    },
  };
};

const alive = (day: Day) => ({ listed, matures }: Issue) => listed <= day && day <= matures;

/** Bonds and treasury bills that NSE lists on a day. */
export const nseDebt = (market: Word, day: Day): ReadonlyArray<Instrument> =>
  [...Array.from({ length: BONDS }, (_, i) => bond(market, i)).filter(alive(day)), ...billsOn(day)]
    .map(toInstrument(market, "NSE"));

/** Debentures that BSE lists on a day. */
export const bseDebt = (market: Word, day: Day): ReadonlyArray<Instrument> =>
  Array.from({ length: BSE_DEBTS }, (_, i) => debenture(market, i)).filter(alive(day))
    .map(toInstrument(market, "BSE"));
