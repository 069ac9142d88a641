/** What every source that speaks HTTP needs: requests with time limits, typed reasons, dumps decoded as they come. */
export * as Http from "./Http.ts";
export { type HttpRequest, type MaybeSecret, requestName, withoutSecrets } from "./HttpRequest.ts";
export {
  byStatus,
  oneLine,
  rateLimited,
  type Refusal,
  refusalText,
  type Refused,
  retryAfterMillis,
  sketch,
} from "./Refused.ts";
export { type Collected, collected, decodeDump, type DumpDecoder } from "./dump.ts";
export { parseStamp } from "./stamp.ts";
