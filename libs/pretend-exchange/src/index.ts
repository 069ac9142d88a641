/**
 * An exchange that does not exist: an invented market or a replay of recorded candles, the HTTP server that offers
 * it on loopback, its log, and everything that can go wrong. How a vendor says it all is the vendor's sandbox's.
 */
export { beginning, type Invented, type MarketOptions } from "./beginning.ts";
export { SandboxError } from "./error.ts";
export * as Faults from "./faults/fault.ts";
export type { Delivery, Fault } from "./faults/fault.ts";
export type { FaultReport, RuleReport } from "./faults/faulting.ts";
export { decodeScript, parseScript } from "./faults/read-script.ts";
export {
  chaos,
  type DrawableKind,
  type EventRule,
  type FaultKind,
  type FaultRule,
  FaultScript,
  KINDS,
  type PassingRule,
} from "./faults/script.ts";
export * as Intervals from "./interval.ts";
export type { Interval } from "./interval.ts";
export type { Instrument } from "./market/instrument.ts";
export { instrumentToken, SEGMENT_CODE } from "./market/instrument.ts";
export { type InventedMarket, inventedMarket, type NoCandles } from "./market/invented.ts";
export { type Listing, makeMarket, type Market } from "./market/market.ts";
export { type Arguments, type CommonArguments, FAULT_USAGE, readCommandLine } from "./program/arguments.ts";
export { inEnvelope } from "./replay/recorded-candles.ts";
export { type RecordedSeries, recordedSeries } from "./replay/recorded-series.ts";
export { type Answer, answer } from "./server/answer.ts";
export type { SandboxClock } from "./server/clock.ts";
export { Dump, dumpAnswer } from "./server/dump.ts";
export { type RateLimit, SlidingWindow } from "./server/rate-limit.ts";
export type { RequestRecord, SandboxStats } from "./server/recorder.ts";
export type { ApiCall, Route, RouteName, SandboxRequest } from "./server/request.ts";
export { type Running, runVendor, type ServerOptions } from "./server/running.ts";
export { sessionOf } from "./session.ts";
export * as Time from "./time.ts";
export type { Day, LocalSeconds } from "./time.ts";
export type { Asked, CandleFormat, CandleQuery, Rewrite, Vendor, Wording } from "./vendor.ts";
