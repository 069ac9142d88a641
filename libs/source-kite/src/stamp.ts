import { MarketTime } from "@candlewick/core";

/** Where the vendor's days begin and its clocks hang. */
export const ZONE = "Asia/Kolkata";

/** `yyyy-mm-dd hh:mm:ss` in India: what the API takes for `from` and `to`. The fraction of a second is dropped. */
export const formatStamp = (instant: number): string => MarketTime.clockText(instant, ZONE);
