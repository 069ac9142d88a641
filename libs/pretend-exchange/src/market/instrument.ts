import type { Day } from "../time.ts";
import type { Series } from "./series.ts";

export type Exchange = "NSE" | "BSE" | "NFO" | "BFO" | "CDS" | "BCD" | "MCX";

/** A listing as it stands in the dump of one day, and where its candles come from. */
export interface Instrument {
  readonly instrumentToken: number;
  readonly exchangeToken: number;
  readonly tradingsymbol: string;
  readonly name: string;
  readonly expiry: Day | undefined;
  readonly strike: number;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly instrumentType: "EQ" | "FUT" | "CE" | "PE";
  readonly segment: string;
  readonly exchange: Exchange;
  readonly series: Series;
  /** Futures only: the front contracts of the same underlying on the days asked for, oldest first. */
  readonly continuous?: (from: Day, to: Day) => ReadonlyArray<ContinuousPart>;
}

/** A stretch of days during which one contract was the front one. */
export interface ContinuousPart {
  readonly series: Series;
  readonly from: Day;
  readonly to: Day;
}

/** The low byte of an instrument token (measured on the vendor's dumps). */
export const SEGMENT_CODE = { NSE: 1, NFO: 2, CDS: 3, BSE: 4, BFO: 5, BCD: 6, MCX: 7, INDICES: 9 } as const;

/** `instrument_token`: the exchange's own token above one byte that tells the segment. */
export const instrumentToken = (exchangeToken: number, code: keyof typeof SEGMENT_CODE): number =>
  exchangeToken * 256 + SEGMENT_CODE[code];
