export {
  chaos,
  decodeScript,
  type Delivery,
  type DrawableKind,
  type EventRule,
  type Fault,
  type FaultKind,
  type FaultReport,
  type FaultRule,
  Faults,
  FaultScript,
  parseScript,
  type PassingRule,
  type RateLimit,
  type RequestRecord,
  type RouteName,
  type RuleReport,
  SandboxError,
  type SandboxRequest,
  type SandboxStats,
} from "@candlewick/pretend-exchange";
export { type RateLimits, VENDOR_LIMITS } from "./api/rate-limits.ts";
export { KiteSandbox, layer, makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
