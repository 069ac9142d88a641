import { Source } from "@candlewick/core";
import type { AngelOneSettings } from "./settings.ts";
import { ZONE } from "./stamp.ts";

/**
 * First day of intraday candles. The vendor names none (?); the same day as for other vendors of these exchanges.
 * Asking for earlier days only costs empty answers, so an explicit `--from` goes before it.
 */
const INTRADAY_BEGINS = "2015-01-01";

/** What the segments of the scrip master hold, by exchange and the vendor's instrument type. */
const underlyings: Source.SourceInfo["underlyings"] = {
  "NSE-AMXIDX": "index",
  "BSE-AMXIDX": "index",
  "NFO-FUTSTK": "stock",
  "NFO-OPTSTK": "stock",
  "NFO-FUTIDX": "index",
  "NFO-OPTIDX": "index",
  "BFO-FUTSTK": "stock",
  "BFO-OPTSTK": "stock",
  "BFO-FUTIDX": "index",
  "BFO-OPTIDX": "index",
  "CDS-FUTCUR": "currency",
  "CDS-OPTCUR": "currency",
  "CDS-FUTIRC": "rate",
  "CDS-FUTIRT": "rate",
  "CDS-OPTIRC": "rate",
  "MCX-FUTCOM": "commodity",
  "MCX-FUTIDX": "index",
  "MCX-OPTFUT": "commodity",
  "NCDEX-FUTCOM": "commodity",
  "NCDEX-OPTFUT": "commodity",
  "NCO-FUTBAS": "commodity",
  "NCO-FUTBLN": "commodity",
  "NCO-FUTENR": "commodity",
  "NCO-OPTBLN": "commodity",
  "NCO-OPTFUT": "commodity",
};

/** What SmartAPI is and allows. Limits and spans are the vendor's, per client code. */
export const info = (
  { masterRoot, root }: Pick<AngelOneSettings, "root" | "masterRoot">,
): Source.SourceInfo => ({
  id: "angelone",
  name: "Angel One SmartAPI",
  timeZone: ZONE,
  // Those of NCDEX are words: JEERAUNJHA12NOV25PE24800FNOV25.
  tokenType: "text",
  open: ["instruments"],
  exchanges: ["NSE", "BSE", "NFO", "BFO", "CDS", "MCX", "NCDEX", "NCO"],
  dump: { holds: "all", readyAt: "08:30" },
  underlyings,
  limits: {
    // The file's host names no limit; one a second is plenty for a file of 26 MB, and getProfile allows three.
    instruments: [Source.perSecond(1)],
    candles: [Source.perSecond(3), Source.perMinute(180), Source.perHour(5_000)],
  },
  // The vendor names no time to stay away (?).
  coolDown: 10_000,
  daysPerRequest: {
    "minute": 30,
    "3minute": 60,
    "5minute": 100,
    "10minute": 100,
    "15minute": 200,
    "30minute": 200,
    "60minute": 400,
    "day": 2_000,
  },
  earliest: Source.intradayFrom(INTRADAY_BEGINS),
  // The vendor does not document it (?). Presumed: a series that is never restated costs one comparison a run, one
  // that is restated unnoticed would show crashes that never were.
  adjustedFor: ["split", "bonus"],
  hosts: [...new Set([new URL(root).host, new URL(masterRoot).host])],
});
