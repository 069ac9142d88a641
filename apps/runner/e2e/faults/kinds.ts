import type { PluginError } from "@candlewick/core";
import type { Rule } from "./exchange.ts";

/** A way in which requests go wrong, and what a run makes of it. */
export interface Kind {
  /** As the table of docs/faults.md has it. */
  readonly name: string;
  readonly rule: Rule;
  /** Why the series fails when it lasts, and why a request is sent again when it passes. */
  readonly reason: PluginError.Reason["_tag"];
  /** Words of the message that a user reads. */
  readonly says: RegExp;
  /** Settings of the source that the fault needs. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether healthy requests may be sent again, too: a machine that is busy may be slow. */
  readonly isAboutTime?: true;
  /** Whether the HTTP client itself may ask once more, when the connection had been in use before. */
  readonly isSentAgain?: true;
  /** Whether it goes unnoticed where nothing is stored to compare with. */
  readonly needsHistory?: true;
}

/** A second of silence. */
const impatient = { settings: { requestTimeout: "100s" }, isAboutTime: true } as const;

export const KINDS: ReadonlyArray<Kind> = [
  {
    name: "429 without `Retry-After`",
    rule: { fault: "rate-limit" },
    reason: "RateLimited",
    says: /429/,
  },
  {
    name: "429 with `Retry-After`",
    rule: { fault: "rate-limit", retryAfter: 2 },
    reason: "RateLimited",
    says: /429/,
  },
  {
    name: "5xx with the vendor's JSON",
    rule: { fault: "unavailable", status: 503, body: "json" },
    reason: "Unavailable",
    says: /503 NetworkException: Service unavailable/,
  },
  {
    name: "5xx with a proxy's HTML",
    rule: { fault: "unavailable", status: 502, body: "html" },
    reason: "Unavailable",
    says: /502/,
  },
  { name: "HTML with status 200", rule: { fault: "html" }, reason: "Corrupt", says: /JSON/ },
  { name: "malformed JSON", rule: { fault: "malformed-json" }, reason: "Corrupt", says: /JSON/ },
  { name: "cut gzip", rule: { fault: "cut-gzip" }, reason: "Corrupt", says: /not whole/ },
  { name: "cut content in whole HTTP", rule: { fault: "cut-content" }, reason: "Corrupt", says: /JSON/ },
  { name: "cut body", rule: { fault: "cut-body" }, reason: "Corrupt", says: /not whole/ },
  {
    name: "reset",
    rule: { fault: "reset" },
    reason: "Unavailable",
    says: /no answer/,
    isSentAgain: true,
  },
  {
    name: "hang",
    rule: { fault: "hang" },
    reason: "Unavailable",
    says: /no answer within/,
    ...impatient,
  },
  {
    name: "drip, past the time-out",
    rule: { fault: "drip", pieces: 2, milliseconds: 4_000 },
    reason: "Unavailable",
    says: /no answer within/,
    ...impatient,
  },
  {
    name: "slow server, past the time-out",
    rule: { fault: "slow", milliseconds: 4_000 },
    reason: "Unavailable",
    says: /no answer within/,
    ...impatient,
  },
  { name: "candles outside the range", rule: { fault: "out-of-range" }, reason: "Corrupt", says: /outside/ },
  { name: "candles out of order", rule: { fault: "out-of-order" }, reason: "Corrupt", says: /not later/ },
  { name: "a candle twice", rule: { fault: "duplicated" }, reason: "Corrupt", says: /not later/ },
  {
    name: "another instrument's candles",
    rule: { fault: "wrong-instrument" },
    reason: "Corrupt",
    says: /not those that are stored/,
    needsHistory: true,
  },
  {
    name: "an empty answer where data exists",
    rule: { fault: "empty" },
    reason: "Corrupt",
    says: /lacks \d+ of \d+ candles that are stored/,
    needsHistory: true,
  },
];

/** Answers that take long and arrive: no fault. */
export const HARMLESS: ReadonlyArray<Pick<Kind, "name" | "rule">> = [
  { name: "drip", rule: { fault: "drip", pieces: 4, milliseconds: 5 } },
  { name: "slow server", rule: { fault: "slow", milliseconds: 30 } },
];

const OF_CANDLES = new Set([
  "out-of-range",
  "out-of-order",
  "duplicated",
  "wrong-instrument",
  "empty",
]);

/** What the same faults, where they apply, make of the instruments dump. */
export const DUMP_KINDS: ReadonlyArray<Kind> = [
  ...KINDS.filter(({ rule }) => !OF_CANDLES.has(rule.fault)).map((kind) =>
    kind.reason === "Corrupt" ? { ...kind, says: /not (a )?whole/ } : kind
  ),
  {
    name: "a row of the dump that is too short",
    rule: { fault: "short-row" },
    reason: "Corrupt",
    says: /not a whole dump/,
  },
];
