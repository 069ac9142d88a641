/**
 * The vocabulary and the engine of Candlewick: what instruments and candles are, what a source, a sink and a
 * DAG must offer, and how DAGs run. It knows no vendor, no SQL, no HTTP and no file system.
 */
export * as Calendar from "./Calendar.ts";
export * as Candle from "./Candle.ts";
export * as CandleAnswer from "./CandleAnswer.ts";
export * as ColumnValue from "./ColumnValue.ts";
export * as Completeness from "./Completeness.ts";
export * as Coverage from "./Coverage.ts";
export * as Dag from "./Dag.ts";
export * as Dataset from "./Dataset.ts";
export * as Decimal from "./Decimal.ts";
export type * as Exporter from "./Exporter.ts";
export * as Instrument from "./Instrument.ts";
export * as Interval from "./Interval.ts";
export type * as Keeper from "./Keeper.ts";
export * as Knowledge from "./Knowledge.ts";
export * as Listing from "./Listing.ts";
export * as Login from "./Login.ts";
export * as Manifest from "./Manifest.ts";
export * as MarketTime from "./MarketTime.ts";
export * as Plugin from "./Plugin.ts";
export * as PluginError from "./PluginError.ts";
export * as RangeSet from "./RangeSet.ts";
export * as RateLimiter from "./RateLimiter.ts";
export * as Rejection from "./Rejection.ts";
export * as Retry from "./Retry.ts";
export * as RunEvent from "./RunEvent.ts";
export * as RunSummary from "./RunSummary.ts";
export * as Setting from "./Setting.ts";
export * as Sink from "./Sink.ts";
export * as Source from "./Source.ts";
export * as Text from "./Text.ts";
export * as Units from "./Units.ts";
export * as Where from "./Where.ts";
export { governed } from "./Governed.ts";
export * from "./datasets/CandleChanges.ts";
export * from "./datasets/CandleFailures.ts";
export * from "./datasets/CandleHistory.ts";
export * from "./datasets/InstrumentMaster.ts";
export * from "./datasets/RejectedRecords.ts";
export * from "./datasets/Runs.ts";
