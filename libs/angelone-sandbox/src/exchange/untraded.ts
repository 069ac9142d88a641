import type { Scrip } from "./scrip.ts";

const TESTS = ["011NSETEST", "021NSETEST", "031NSETEST"] as const;

const test = (name: string, i: number): ReadonlyArray<Scrip> => [
  {
    token: String(14_747 + i),
    symbol: `${name}-EQ`,
    name,
    expiry: "",
    strike: "-1.000000",
    lotsize: "1",
    instrumenttype: "",
    exch_seg: "NSE",
    tick_size: "5.000000",
  },
  {
    token: String(36_687 + i),
    symbol: `${name}27NOV36FUT`,
    name,
    expiry: "27NOV2036",
    strike: "-1.000000",
    lotsize: "50",
    instrumenttype: "FUTSTK",
    exch_seg: "NFO",
    tick_size: "5.000000",
  },
];

/**
 * Rows that real scrip masters have beside the market: the exchange's test contracts, tokens that are not numbers,
 * a lot size of -1. None of them trades.
 */
export const UNTRADED_SCRIPS: ReadonlyArray<Scrip> = [
  ...TESTS.flatMap(test),
  {
    token: "26074",
    symbol: "LANTERNMID",
    name: "LANTERNMID",
    expiry: "",
    strike: "-1.000000",
    lotsize: "-1",
    instrumenttype: "",
    exch_seg: "NSE",
    tick_size: "0.000000",
  },
  {
    token: "WICKSEED",
    symbol: "WICKSEED",
    name: "WICKSEED",
    expiry: "",
    strike: "-1.000000",
    lotsize: "5",
    instrumenttype: "COMDTY",
    exch_seg: "NCDEX",
    tick_size: "100.000000",
  },
  {
    token: "WICKSEED20NOV2036",
    symbol: "WICKSEED20NOV2036",
    name: "WICKSEED",
    expiry: "20NOV2036",
    strike: "-1.000000",
    lotsize: "5",
    instrumenttype: "FUTCOM",
    exch_seg: "NCDEX",
    tick_size: "100.000000",
  },
  {
    token: "WICKSEED20NOV36PE6900FNOV36",
    symbol: "WICKSEED20NOV36PE6900FNOV36",
    name: "WICKSEED",
    expiry: "20NOV2036",
    strike: "690000.000000",
    lotsize: "5",
    instrumenttype: "OPTFUT",
    exch_seg: "NCDEX",
    tick_size: "50.000000",
  },
];
