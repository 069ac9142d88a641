/** For tests of sources: a real HTTP server on loopback that misbehaves when told to, and what is asked and expected of it. */
export { allInstruments, askFor } from "./asking.ts";
export { linesOf, serving, transportScenarios } from "./contract.ts";
export {
  gzipReply,
  jsonReply,
  type Loopback,
  type Reply,
  type Seen,
  startServer,
  withServer,
} from "./loopback.ts";
export { reasonOf, valueOf } from "./outcomes.ts";
export { runPermitted } from "./permitted.ts";
export { NEEDS_RECORDINGS, recordingsOf } from "./recordings.ts";
