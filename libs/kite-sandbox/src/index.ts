export { type RateLimit, type RateLimits, VENDOR_LIMITS } from "./api/rate-limit.ts";
export type { RouteName, SandboxRequest } from "./api/request.ts";
export { SandboxError } from "./error.ts";
export * as Faults from "./fault.ts";
export type { Delivery, Fault } from "./fault.ts";
export type { RequestRecord, SandboxStats } from "./recorder.ts";
export {
  KiteSandbox,
  layer,
  makeSandbox,
  type Sandbox,
  type SandboxMode,
  type SandboxOptions,
} from "./sandbox.ts";
