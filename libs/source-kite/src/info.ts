import { Source } from "@candlewick/core";
import type { KiteSettings } from "./settings.ts";
import { ZONE } from "./stamp.ts";

/**
 * First day of intraday candles. The vendor names none and it differs by instrument; users report early 2015.
 * Asking for earlier days only costs empty answers, so an explicit `--from` goes before it.
 */
const INTRADAY_BEGINS = "2015-01-01";

/** What Kite Connect v3 is and allows. Limits and spans are the vendor's, per API key. */
export const info = (settings: Pick<KiteSettings, "root">): Source.SourceInfo => ({
  id: "kite",
  name: "Kite Connect (Zerodha)",
  timeZone: ZONE,
  tokenType: "int64",
  // Those of the official client, and NCO (NSE commodities), which newer dumps hold.
  exchanges: ["NSE", "BSE", "NFO", "BFO", "CDS", "BCD", "MCX", "NCO"],
  // Made once a day; complete after 08:30.
  dump: { holds: "exchange", readyAt: "08:30" },
  limits: {
    instruments: [Source.perSecond(10)],
    candles: [Source.perSecond(3)],
  },
  // A third party's measurement: about 10 s, which earlier tries extend.
  coolDown: 10_000,
  daysPerRequest: {
    "minute": 60,
    "3minute": 100,
    "5minute": 100,
    "10minute": 100,
    "15minute": 200,
    "30minute": 200,
    "60minute": 400,
    "day": 2_000,
  },
  earliest: Source.intradayFrom(INTRADAY_BEGINS),
  // Of dividends only extraordinary ones, 2% of the price or more.
  adjustedFor: ["split", "bonus", "rights", "spin-off", "dividend"],
  hosts: [new URL(settings.root).host],
});
