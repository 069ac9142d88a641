import { type RateLimit, type RouteName, SlidingWindow } from "@candlewick/pretend-exchange";

/** Limits of an api key. Without one for a kind of request, that kind is not limited. */
export interface RateLimits {
  readonly historical?: RateLimit;
  readonly other?: RateLimit;
  /** Sent as Retry-After with a 429. Whether the vendor sends one is not known; by default it is left out. */
  readonly retryAfterSeconds?: number;
}

/** Per api key: 3 historical requests and 10 others a second (vendor documentation). */
export const VENDOR_LIMITS: RateLimits = {
  historical: { requests: 3, windowMillis: 1000 },
  other: { requests: 10, windowMillis: 1000 },
};

/** Counts arrivals, and says which are within the limits. */
export const limiter = (limits: RateLimits) => {
  const historical = limits.historical === undefined ? undefined : new SlidingWindow(limits.historical);
  const other = limits.other === undefined ? undefined : new SlidingWindow(limits.other);
  return (route: RouteName, apiKey: string, now: number): boolean =>
    (route === "historical" ? historical : other)?.admit(apiKey, now) ?? true;
};
