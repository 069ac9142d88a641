import type { Interval } from "./interval.ts";
import type { Answer } from "./server/answer.ts";
import type { ApiCall, Route, RouteName, SandboxRequest } from "./server/request.ts";
import type { LocalSeconds } from "./time.ts";

/** A request for candles whose parameters make sense, whatever words the vendor has for it. */
export interface CandleQuery {
  /** As the exchange numbers instruments, see `instrumentToken`. */
  readonly instrumentToken: number;
  readonly interval: Interval;
  /** Inclusive bounds, IST. */
  readonly from: LocalSeconds;
  readonly to: LocalSeconds;
  readonly continuous: boolean;
  readonly oi: boolean;
}

/** How a vendor writes candles: rows `["<stamp>",o,h,l,c,v]`, or with open interest, commas between them, in its envelope. */
export interface CandleFormat {
  /** What stands before the first row. */
  readonly head: string;
  /** What stands behind the last row. */
  readonly tail: string;
  /** How a stamp ends: `+0530` or `+05:30`. */
  readonly offset: string;
  /** A whole answer without rows, where the vendor has another way to write it. */
  readonly none?: string;
}

/** What an answer becomes that is well-formed and false, or not JSON; undefined where there is nothing to falsify. */
export type Rewrite = (due: Answer) => Answer | undefined;

/** A vendor's own words, where faults need them. */
export interface Wording {
  readonly candles: CandleFormat;
  readonly tooManyRequests: (retryAfterSeconds: number | undefined) => Answer;
  readonly unavailable: (status: 500 | 502 | 503 | 504) => Answer;
  /** What the sandbox answers where it fails itself. */
  readonly broken: (cause: string) => Answer;
  /** JSON that is none, in place of a dump too. */
  readonly malformedJson: Rewrite;
  /** A row in the middle of a dump lacks its last field. */
  readonly shortRow: Rewrite;
}

/** What a request asked for, as the log shows it to other programs. */
export interface Asked {
  readonly token: string | null;
  readonly interval: string | null;
  readonly exchange: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** A vendor's HTTP API over a pretended exchange, as the server, the log and the faults see it: no network in it. */
export interface Vendor {
  readonly wording: Wording;
  /** The parameters of a request, for the log and for chances; without secrets. */
  readonly parametersOf: (call: ApiCall) => string;
  readonly routeOf: (path: string, parameters: string) => Route;
  /** Whose limits a request counts for, empty without one. */
  readonly apiKeyOf: (call: ApiCall) => string;
  /** Counts an arrival at `now`, milliseconds of a clock that never goes back, and says whether it is within the limits. */
  readonly admit: (route: RouteName, apiKey: string, now: number) => boolean;
  /** Sent with the refusal of a request beyond the limits. */
  readonly retryAfterSeconds: number | undefined;
  readonly answer: (call: ApiCall, now: LocalSeconds) => Answer;
  /** What a historical request asks for; undefined for any other, and where it makes no sense. */
  readonly candleQuery: (request: SandboxRequest, now: LocalSeconds) => CandleQuery | undefined;
  readonly candles: (query: CandleQuery, now: LocalSeconds) => Answer;
  /** Tokens of other instruments that may have candles, nearest first. */
  readonly others: (instrumentToken: number, now: LocalSeconds) => Iterable<number>;
  /** What the first part of a historical request is for the instrument `NSE:INFY`, where there is one. */
  readonly tokenOf: (symbol: string, now: LocalSeconds) => number | string | undefined;
  readonly asked: (request: SandboxRequest) => Asked;
  /** Opens a new session and tells what a client needs of it; the session before ends. */
  readonly login: () => Readonly<Record<string, string>>;
  /** Ends the session and tells by the same names what is gone. */
  readonly killToken: () => Readonly<Record<string, null>>;
}
