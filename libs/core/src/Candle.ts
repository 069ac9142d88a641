import * as Decimal from "./Decimal.ts";
import type { Rejection } from "./Rejection.ts";

/** One OHLCV bar of one instrument and interval. */
export interface Candle {
  /** Start of the bar, epoch milliseconds (UTC). */
  readonly ts: number;
  readonly open: Decimal.Decimal;
  readonly high: Decimal.Decimal;
  readonly low: Decimal.Decimal;
  readonly close: Decimal.Decimal;
  /** Units traded, a whole number. */
  readonly volume: number;
  /** Open interest at the end of the bar, where the vendor gives it. */
  readonly oi: number | null;
}

/** A bar as a source read it off the wire, nothing checked yet. */
export interface UncheckedCandle {
  /** Epoch milliseconds, or NaN where the vendor's stamp could not be read. */
  readonly ts: number;
  readonly open: unknown;
  readonly high: unknown;
  readonly low: unknown;
  readonly close: unknown;
  readonly volume: unknown;
  /** `null` or `undefined` where the vendor sent none. */
  readonly oi: unknown;
}

/** What one request for candles brought: the good, oldest first, and the bad. */
export interface CandleBatch {
  readonly candles: ReadonlyArray<Candle>;
  readonly rejected: ReadonlyArray<Rejection>;
}

/** Why a bar is not stored. */
export type CandleFault =
  | "bad time"
  | "missing field"
  | "price is not a number"
  | "volume is not a whole number"
  | "open interest is not a whole number"
  | "high below low"
  | "zero-price placeholder";

/** 1900-01-01 to 2200-01-01: stamps outside are a misread unit, not a candle. */
const EARLIEST = -2_208_988_800_000;
const LATEST = 7_258_118_400_000;

const wholeNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

const isMissing = (value: unknown): boolean => value === undefined || value === null || value === "";

/**
 * Checks one bar: all of time, prices and volume present and numeric, high not below low, and not the
 * all-zero placeholder that vendors put before a listing. Says the fault, or gives the candle.
 */
export const check = (unchecked: UncheckedCandle): Candle | CandleFault => {
  const { ts } = unchecked;
  if (!(ts >= EARLIEST && ts < LATEST) || !Number.isInteger(ts)) return "bad time";
  if (
    isMissing(unchecked.open) || isMissing(unchecked.high) || isMissing(unchecked.low) ||
    isMissing(unchecked.close) || isMissing(unchecked.volume)
  ) return "missing field";
  const open = Decimal.fromUnknown(unchecked.open);
  const high = Decimal.fromUnknown(unchecked.high);
  const low = Decimal.fromUnknown(unchecked.low);
  const close = Decimal.fromUnknown(unchecked.close);
  if (open === undefined || high === undefined || low === undefined || close === undefined) {
    return "price is not a number";
  }
  const volume = wholeNumber(unchecked.volume);
  if (volume === undefined) return "volume is not a whole number";
  const oi = isMissing(unchecked.oi) ? null : wholeNumber(unchecked.oi);
  if (oi === undefined) return "open interest is not a whole number";
  if (Decimal.compare(high, low) < 0) return "high below low";
  if (isZero(open) && isZero(high) && isZero(low) && isZero(close)) return "zero-price placeholder";
  return { ts, open, high, low, close, volume, oi };
};

const isZero = (decimal: Decimal.Decimal): boolean => Number(decimal) === 0;

export const isFault = (result: Candle | CandleFault): result is CandleFault => typeof result === "string";
