export { type RateLimit, type RateLimits, VENDOR_LIMITS } from "./api/rate-limit.ts";
export type { RouteName, SandboxRequest } from "./api/request.ts";
export { SandboxError } from "./error.ts";
export * as Faults from "./fault.ts";
export type { Delivery, Fault } from "./fault.ts";
export type { FaultReport, RuleReport } from "./faults/faulting.ts";
export { decodeScript, parseScript } from "./faults/read-script.ts";
export {
  chaos,
  type DrawableKind,
  type EventRule,
  type FaultKind,
  type FaultRule,
  FaultScript,
  type PassingRule,
} from "./faults/script.ts";
export type { RequestRecord, SandboxStats } from "./recorder.ts";
export {
  KiteSandbox,
  layer,
  makeSandbox,
  type Sandbox,
  type SandboxMode,
  type SandboxOptions,
} from "./sandbox.ts";
