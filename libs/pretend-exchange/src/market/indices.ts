import { substream, type Word } from "../random.ts";
import { type Day, dayOf } from "../time.ts";
import { type Exchange, type Instrument, instrumentToken } from "./instrument.ts";
import { type PricePath, walkPath } from "./walk.ts";

const NSE_INDICES =
  "LANTERN 50,LANTERN BANK,LANTERN FIN SERVICE,LANTERN MID SELECT,LANTERN NEXT 50,LANTERN 100,LANTERN 200,LANTERN 500,LANTERN MIDCAP 50,LANTERN MIDCAP 100,LANTERN MIDCAP 150,LANTERN SMLCAP 50,LANTERN SMLCAP 100,LANTERN SMLCAP 250,LANTERN MICROCAP250,LANTERN IT,LANTERN PHARMA,LANTERN AUTO,LANTERN FMCG,LANTERN METAL,LANTERN REALTY,LANTERN MEDIA,LANTERN ENERGY,LANTERN INFRA,LANTERN PSE,LANTERN MNC,LANTERN SERV SECTOR,LANTERN COMMODITIES,LANTERN CONSUMPTION,LANTERN PVT BANK,LANTERN PSU BANK,LANTERN HEALTHCARE,LANTERN CONSR DURBL,LANTERN OIL AND GAS,LANTERN DIV OPPS 50,LANTERN50 VALUE 20,LANTERN100 LOWVOL30,LANTERN100 QUALTY30,LANTERN ALPHA 50,LANTERN HIGHBETA 50,LANTERN50 EQL WGT,LANTERN100 EQL WGT,LANTERN TOTAL MKT,LANTERN IND DEFENCE,LANTERN EV,LANTERN HOUSING,LANTERN RURAL,LANTERN IPO,LANTERN GS 8 13YR,LANTERN GS 10YR,LANTERN VIX";
const BSE_INDICES =
  "TALLOW 30,TALLOW BANK,TALLOW 50,TALLOW 100,TALLOW 500,TALLOW MIDCAP,TALLOW SMALLCAP,TALLOW IT,TALLOW OIL & GAS,TALLOW POWER";
const MCX_INDICES = "WAXDEX BULLION,WAXDEX METAL,WAXDEX ENERGY";

const FIRST_TOKEN = { NSE: 1000, BSE: 1060, MCX: 1080 } as const;
const SINCE = dayOf(1995, 11, 6);
const FOREVER: Day = dayOf(2045, 12, 31);

/** The level of an index, which derivatives on it follow too. */
export const indexPath = (market: Word, name: string): PricePath => {
  const seed = substream(market, `index ${name}`);
  const level = name.endsWith("VIX") ? 14 : 9_000 + seed % 40_000;
  return walkPath({
    seed,
    level,
    growth: name.endsWith("VIX") ? 1 : 1.008,
    volatility: name.endsWith("VIX") ? 0.03 : 0.009,
  });
};

const indicesOf = (market: Word, exchange: Exchange & keyof typeof FIRST_TOKEN, names: string) =>
  names.split(",").map((name, i): Instrument => {
    const exchangeToken = FIRST_TOKEN[exchange] + i;
    return {
      instrumentToken: instrumentToken(exchangeToken, "INDICES"),
      exchangeToken,
      tradingsymbol: name,
      name,
      expiry: undefined,
      strike: 0,
      tickSize: 0,
      lotSize: 0,
      instrumentType: "EQ",
      segment: "INDICES",
      exchange,
      series: {
        seed: substream(market, `index candles ${name}`),
        path: indexPath(market, name),
        listed: SINCE,
        last: FOREVER,
        hours: exchange === "MCX" ? "commodity" : "cash",
        tick: 500,
        lot: 1,
        lotsPerDay: 0,
        activity: 256,
        swing: 0.006,
        hasOpenInterest: false,
        actions: [],
        placeholderDays: 0,
      },
    };
  });

/** All indices: neither tick size nor lot, and candles without volume. */
export const indices = (market: Word): ReadonlyArray<Instrument> => [
  ...indicesOf(market, "NSE", NSE_INDICES),
  ...indicesOf(market, "BSE", BSE_INDICES),
  ...indicesOf(market, "MCX", MCX_INDICES),
];
