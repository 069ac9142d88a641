/** Tools for tests of plugins: an in-memory store, and the suites that define what a source and a sink are. */
export { type MemoryOperation, type MemorySink, memorySink, type MemorySinkOptions } from "./memorySink.ts";
export {
  inBatches,
  type PretendDump,
  pretendInfo,
  type PretendMarket,
  type PretendRequest,
  pretendSource,
} from "./pretendSource.ts";
export { sinkContract } from "./sinkContract.ts";
export type { SinkSubject } from "./sink/subject.ts";
export { keeperContract } from "./keeperContract.ts";
export type { KeeperSubject, KeptStore } from "./keeper/subject.ts";
export { sourceContract } from "./sourceContract.ts";
export type {
  RenewalScenario,
  SeenRequest,
  SourceScenario,
  SourceSubject,
  StartedRenewal,
  StartedSource,
} from "./source/subject.ts";
export { dagContract } from "./dagContract.ts";
export type { DagSubject } from "./dag/subject.ts";
export { noContext } from "./noContext.ts";
export { listing } from "./listing.ts";
