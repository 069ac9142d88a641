import { type RateLimit, type RouteName, SlidingWindow } from "@candlewick/pretend-exchange";

/** Limits of a client by kind of request, all of which hold at once. A kind without any is not limited. */
export interface RateLimits extends Partial<Readonly<Record<RouteName, ReadonlyArray<RateLimit>>>> {
  /** Sent as Retry-After with a breach. The vendor is not known to send one; by default it is left out. */
  readonly retryAfterSeconds?: number;
}

const perSecond = (requests: number): RateLimit => ({ requests, windowMillis: 1000 });

/** Candles 3 a second, 180 a minute and 5000 an hour; logins and renewals 1 a second; profiles 3 (vendor documentation). */
export const VENDOR_LIMITS: RateLimits = {
  historical: [perSecond(3), { requests: 180, windowMillis: 60_000 }, {
    requests: 5000,
    windowMillis: 3_600_000,
  }],
  login: [perSecond(1)],
  session: [perSecond(1)],
  profile: [perSecond(3)],
};

/** Counts arrivals, each for all limits of its kind, and says which are within them. */
export const limiter = ({ retryAfterSeconds: _, ...limits }: RateLimits) => {
  const windows = new Map(
    Object.entries(limits).map(([route, of]) => [route, of.map((limit) => new SlidingWindow(limit))]),
  );
  return (route: RouteName, apiKey: string, now: number): boolean => {
    const admitted = (windows.get(route) ?? []).map((window) => window.admit(apiKey, now));
    return admitted.every((is) => is);
  };
};
