export { type RateLimits, VENDOR_LIMITS } from "./api/rate-limits.ts";
export type { Account, Tokens } from "./api/sessions.ts";
export { AngelOneSandbox, layer, makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export {
  chaos,
  type Fault,
  type FaultReport,
  type FaultRule,
  Faults,
  FaultScript,
  type RequestRecord,
  SandboxError,
  type SandboxRequest,
  type SandboxStats,
} from "@candlewick/pretend-exchange";
