/** At most `requests` arrivals in any window of `windowMillis`. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMillis: number;
}

/**
 * A strict sliding window for each key. Every arrival counts, refused ones too, so a client that keeps knocking
 * stays refused. A request exactly one window after the first of a full window is admitted.
 */
export class SlidingWindow {
  readonly #limit: RateLimit;
  readonly #arrivals = new Map<string, { readonly times: Float64Array; next: number }>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Counts an arrival at `now`, in milliseconds of a clock that never goes back, and says whether it may pass. */
  admit(key: string, now: number): boolean {
    let seen = this.#arrivals.get(key);
    if (seen === undefined) {
      seen = { times: new Float64Array(this.#limit.requests).fill(-Infinity), next: 0 };
      this.#arrivals.set(key, seen);
    }
    const oldest = seen.times[seen.next] ?? -Infinity;
    seen.times[seen.next] = now;
    seen.next = (seen.next + 1) % this.#limit.requests;
    return now - oldest >= this.#limit.windowMillis;
  }
}
