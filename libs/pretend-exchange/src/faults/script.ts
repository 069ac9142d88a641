import { Schema } from "effect";
import { MINUTES } from "../interval.ts";
import { parseDay } from "../time.ts";

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1));
const seconds = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 86_400 }));
const milliseconds = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 86_400_000 }));
const share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }));
const positive = Schema.Finite.check(Schema.isGreaterThan(0));
const price = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0));
const quantity = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0));
const day = Schema.String.check(
  Schema.makeFilter((text) => parseDay(text) !== undefined || `"${text}" is not a date, expected yyyy-mm-dd`),
);
const time = Schema.String.check(Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d$/));

const candleFilter = {
  /** What names the instrument in a historical request: a token, or `NSE:1594` where tokens are an exchange's own. */
  token: Schema.optionalKey(
    Schema.Union([
      Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
      Schema.String.check(Schema.isPattern(/^[A-Z]+:.+$/)),
    ]),
  ),
  /** `NSE:INFY`, looked up in the instruments of the moment. */
  symbol: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^[A-Z]+:.+$/))),
  interval: Schema.optionalKey(
    Schema.Literals(Object.keys(MINUTES) as [keyof typeof MINUTES, ...Array<keyof typeof MINUTES>]),
  ),
};

const span = {
  /** The first matching request it concerns, from 1. Default 1. */
  nth: Schema.optionalKey(count),
  /** How many matching requests from there on. */
  times: Schema.optionalKey(Schema.Union([count, Schema.Literal("always")])),
};

/** When a fault comes: which requests count, which of those, and how likely. */
const passing = <const Kind extends string>(fault: Kind) => ({
  fault: Schema.Literal(fault),
  /** `data`, the default, is instruments and historical; `any` is everything. */
  route: Schema.optionalKey(
    Schema.Literals(["data", "any", "historical", "instruments", "session", "profile", "login"]),
  ),
  ...candleFilter,
  ...span,
  chance: Schema.optionalKey(share),
});

/** Of which candles, and from which historical request on. */
const event = <const Kind extends string>(fault: Kind) => ({
  fault: Schema.Literal(fault),
  ...candleFilter,
  ...span,
});

/** Kinds that any data route may show, and that pass. */
export const ANYWHERE = [
  "rate-limit",
  "unavailable",
  "html",
  "malformed-json",
  "cut-gzip",
  "cut-content",
  "cut-body",
  "reset",
  "hang",
  "drip",
  "slow",
] as const;

/** Kinds of false answers to requests for candles. */
export const OF_CANDLES = ["wrong-instrument", "out-of-range", "out-of-order", "duplicated"] as const;

/** Kinds a rule of kind `any` may draw. */
const DRAWABLE = [...ANYWHERE, ...OF_CANDLES, "empty", "short-row"] as const;

const keep = Schema.optionalKey(share);

/** Every kind by its name. */
export const KINDS = {
  /** The vendor's refusal of too many requests, with `Retry-After` in seconds where it is given. */
  "rate-limit": Schema.Struct({ ...passing("rate-limit"), retryAfter: Schema.optionalKey(quantity) }),
  /** 503 by default, in the vendor's envelope or as a proxy's page. */
  unavailable: Schema.Struct({
    ...passing("unavailable"),
    status: Schema.optionalKey(Schema.Literals([500, 502, 503, 504])),
    body: Schema.optionalKey(Schema.Literals(["json", "html"])),
  }),
  /** A page for people, with 200. */
  html: Schema.Struct(passing("html")),
  "malformed-json": Schema.Struct(passing("malformed-json")),
  /** `keep` is the share that is sent, half by default. */
  "cut-gzip": Schema.Struct({ ...passing("cut-gzip"), keep }),
  "cut-content": Schema.Struct({ ...passing("cut-content"), keep }),
  "cut-body": Schema.Struct({ ...passing("cut-body"), keep }),
  reset: Schema.Struct(passing("reset")),
  /** Silence for so many seconds, then the connection is closed; without a number for ever. */
  hang: Schema.Struct({ ...passing("hang"), seconds: Schema.optionalKey(seconds) }),
  /** The due answer in `pieces` (8), `milliseconds` (50) before each. */
  drip: Schema.Struct({
    ...passing("drip"),
    pieces: Schema.optionalKey(count),
    milliseconds: Schema.optionalKey(milliseconds),
  }),
  /** The due answer after `milliseconds` (1000). */
  slow: Schema.Struct({ ...passing("slow"), milliseconds: Schema.optionalKey(milliseconds) }),
  /** The session ends at this request. */
  "token-death": Schema.Struct(passing("token-death")),
  "wrong-instrument": Schema.Struct(passing("wrong-instrument")),
  /** Candles of the days before and after the range too, or of one `side`. */
  "out-of-range": Schema.Struct({
    ...passing("out-of-range"),
    side: Schema.optionalKey(Schema.Literals(["before", "after"])),
  }),
  "out-of-order": Schema.Struct(passing("out-of-order")),
  duplicated: Schema.Struct(passing("duplicated")),
  empty: Schema.Struct(passing("empty")),
  /** A line of the instruments dump lacks its last field. */
  "short-row": Schema.Struct(passing("short-row")),
  /** One of all kinds that pass, or of those named, drawn anew for each request. */
  any: Schema.Struct({
    ...passing("any"),
    of: Schema.optionalKey(Schema.NonEmptyArray(Schema.Literals(DRAWABLE))),
  }),
  /** One share has become `ratio` shares: candles before `exDate` are restated. */
  split: Schema.Struct({ ...event("split"), exDate: day, ratio: positive }),
  /** As a split; one for one is a ratio of 2. */
  bonus: Schema.Struct({ ...event("bonus"), exDate: day, ratio: positive }),
  /** Prices before `exDate` times `factor`, volumes as they were: a demerger, a large dividend. */
  adjust: Schema.Struct({ ...event("adjust"), exDate: day, factor: positive }),
  /** Values of one candle change: the day's, or with `time` the one that starts then. */
  correction: Schema.Struct({
    ...event("correction"),
    day,
    time: Schema.optionalKey(time),
    set: Schema.Struct({
      open: Schema.optionalKey(price),
      high: Schema.optionalKey(price),
      low: Schema.optionalKey(price),
      close: Schema.optionalKey(price),
      volume: Schema.optionalKey(quantity),
      oi: Schema.optionalKey(quantity),
    }),
  }),
  /** No candle of this day, of one instrument or of all. */
  "missing-day": Schema.Struct({ ...event("missing-day"), day }),
};

type Kinds = typeof KINDS;
export type FaultKind = keyof Kinds;
type Rules = { readonly [K in FaultKind]: Kinds[K]["Type"] };

/** One line of a script: when, and what. */
export type FaultRule = Rules[FaultKind];

/** A market event: it rewrites what the vendor holds to be true. */
export type EventRule = Rules["split" | "bonus" | "adjust" | "correction" | "missing-day"];
/** What goes wrong with single requests. */
export type PassingRule = Exclude<FaultRule, EventRule>;
/** What is drawn where a rule says `any`. */
export type DrawableKind = (typeof DRAWABLE)[number];

/** How a sandbox goes wrong, as data. */
export interface FaultScript {
  /** Of all chances. Default 1. */
  readonly seed?: number;
  /** The first rule that is due decides a request; every rule counts all requests that match it. */
  readonly rules: ReadonlyArray<FaultRule>;
}

/** An unsigned 32-bit integer. */
export const Seed = Schema.optionalKey(
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff })),
);

export const FaultScript: Schema.Codec<FaultScript> = Schema.Struct({
  seed: Seed,
  rules: Schema.Array(Schema.Union(Object.values(KINDS))),
});

const EVENT_KINDS: ReadonlySet<string> = new Set(["split", "bonus", "adjust", "correction", "missing-day"]);

export const isEvent = (rule: FaultRule): rule is EventRule => EVENT_KINDS.has(rule.fault);

/** The script of quick chaos: each data request faults with this chance, in any way that passes. */
export const chaos = (chance: number, seed: number): FaultScript => ({
  seed,
  rules: [{ fault: "any", chance }],
});
