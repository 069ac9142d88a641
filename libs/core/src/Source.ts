import { Context, type Effect, type Stream } from "effect";
import type { CandleBatch } from "./Candle.ts";
import type { InstrumentBatch } from "./Instrument.ts";
import { type Interval, intervals } from "./Interval.ts";
import type { PluginError } from "./PluginError.ts";
import type { Day } from "./MarketTime.ts";

/** At most `requests` in any window of `millis` milliseconds. */
export interface RequestLimit {
  readonly requests: number;
  readonly millis: number;
}

export const perSecond = (requests: number): RequestLimit => ({ requests, millis: 1_000 });
export const perMinute = (requests: number): RequestLimit => ({ requests, millis: 60_000 });
export const perHour = (requests: number): RequestLimit => ({ requests, millis: 3_600_000 });

/** Milliseconds that some requests take under limits, the longest window first. */
const expectedMillis = (requests: number, limits: ReadonlyArray<RequestLimit>): number => {
  const [limit, ...shorter] = limits;
  if (limit === undefined || requests === 0) return 0;
  const alone = expectedMillis(requests, shorter);
  if (limit.millis <= 1_000) return Math.max(requests * limit.millis / limit.requests, alone);
  // A long window takes its requests as fast as they come, and then none until it is over.
  const windows = Math.ceil(requests / limit.requests) - 1;
  const rest = expectedMillis(requests - windows * limit.requests, shorter);
  return Math.max(windows * limit.millis + rest, alone);
};

/** Seconds that some requests take at the pace of the limits; 0 without a limit. */
export const expectedSeconds = (requests: number, limits: ReadonlyArray<RequestLimit>): number =>
  expectedMillis(requests, limits.toSorted((left, right) => right.millis - left.millis)) / 1_000;

export type Adjustment = "split" | "bonus" | "rights" | "spin-off" | "dividend";

/** What a derivative is written on. */
export type Underlying = "stock" | "index" | "currency" | "commodity" | "rate";

/** The same first day for every interval but days. */
export const intradayFrom = (first: Day): SourceInfo["earliest"] =>
  Object.fromEntries(intervals.filter((interval) => interval !== "day").map((interval) => [interval, first]));

/** What a vendor is and allows, as data. The engine holds to it; the source does not. */
export interface SourceInfo {
  readonly id: string;
  /** The vendor's name, for people. */
  readonly name: string;
  /** IANA zone in which the vendor's days begin. */
  readonly timeZone: string;
  /** What the vendor's instrument tokens are: column `instrument_token` has this type. */
  readonly tokenType: "int64" | "text";
  /** What the vendor offers to everyone, without credentials; where absent, nothing. */
  readonly open?: ReadonlyArray<Capability>;
  /** Exchanges the vendor lists; the first choice of a user's `exchanges` is checked against it. */
  readonly exchanges: ReadonlyArray<string>;
  readonly dump: {
    /** What one answer holds: the listings of one exchange, or always of all, so that asking for each costs as much. */
    readonly holds: "exchange" | "all";
    /** Time of day, `HH:MM` in `timeZone`, from which the dump of the day is there. */
    readonly readyAt: string;
  };
  /** What derivatives of a segment are written on, where the vendor's segments tell. */
  readonly underlyings?: Readonly<Record<string, Underlying>>;
  /** Limits by what is asked for; several hold at once. Empty means none. */
  readonly limits: {
    readonly instruments: ReadonlyArray<RequestLimit>;
    readonly candles: ReadonlyArray<RequestLimit>;
  };
  /** How long to stay away after a breach that names no time, milliseconds. */
  readonly coolDown: number;
  /** Intervals offered, each with the days that one request may span. */
  readonly daysPerRequest: Partial<Readonly<Record<Interval, number>>>;
  /** The first day for which an interval exists at all; where absent, the user's bootstrap date counts. */
  readonly earliest: Partial<Readonly<Record<Interval, Day>>>;
  /** What past prices are adjusted for, after which stored history is stale. */
  readonly adjustedFor: ReadonlyArray<Adjustment>;
  /** Hosts it talks to, `host` or `host:port`. */
  readonly hosts: ReadonlyArray<string>;
}

/** Any source: what it is, and whether its credentials are good. */
export class SourceSession extends Context.Service<SourceSession, {
  readonly info: SourceInfo;
  /** One cheap authenticated request; `Unauthorized` with a hint when the vendor refuses. */
  readonly authenticate: Effect.Effect<void, PluginError>;
}>()("candlewick/core/SourceSession") {}

/** A source of listings. */
export class InstrumentSource extends Context.Service<InstrumentSource, {
  /**
   * The current dump, of one exchange or of all: one request. The stream fails with `Corrupt` before its end
   * when the answer is not whole; only a stream that ended well may be stored.
   */
  readonly instruments: (exchange?: string) => Stream.Stream<InstrumentBatch, PluginError>;
}>()("candlewick/core/InstrumentSource") {}

/** What a vendor needs to know of a listing to find its candles. */
export interface CandleSubject {
  readonly token: string;
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly segment: string;
  readonly instrumentType: string;
  readonly expiry: Day | null;
}

export interface CandleRequest {
  readonly subject: CandleSubject;
  readonly interval: Interval;
  /** First instant asked for, epoch ms, inclusive. */
  readonly from: number;
  /** End, epoch ms, exclusive. At most the interval's days per request after `from`. */
  readonly to: number;
  /** Futures only: the joined series of successive contracts instead of this contract's own. */
  readonly continuous: boolean;
}

/** A source of candles. */
export class CandleSource extends Context.Service<CandleSource, {
  /** The candles whose start lies in `[from, to)`, oldest first: one request. */
  readonly candles: (request: CandleRequest) => Effect.Effect<CandleBatch, PluginError>;
}>()("candlewick/core/CandleSource") {}

/** The services a source may offer, by the name that DAGs ask for them. */
export type Capability = "instruments" | "candles";
