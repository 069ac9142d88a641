import type { Vendor } from "../vendor.ts";
import type { RouteName, SandboxRequest } from "./request.ts";

/** A request and how it was answered. */
export interface RequestRecord extends SandboxRequest {
  /** Of the answer that was due; a fault may have hidden it. */
  readonly status: number;
  /** Of the answer that went out; undefined where not even a status line did. */
  readonly sent: number | undefined;
  /** Name of the fault that was worked on it. */
  readonly fault: string | undefined;
}

/** What a sandbox has counted since its start or its last `clear`. */
export interface SandboxStats {
  readonly requests: number;
  readonly byRoute: Readonly<Partial<Record<RouteName, number>>>;
  /** By the status that was due. */
  readonly byStatus: Readonly<Record<number, number>>;
  /** Requests that broke the rate limit. */
  readonly violations: number;
  readonly faults: number;
  /** Faults by their name. */
  readonly byFault: Readonly<Record<string, number>>;
  /** Bytes of bodies that were due. */
  readonly bytes: number;
  /** Requests that the log no longer holds. */
  readonly dropped: number;
}

/** A record without what its path and parameters tell, so that many are kept cheaply. */
type Entry = Omit<RequestRecord, "route" | "parts">;

/** Counts requests and keeps the newest of them. */
export class Recorder {
  readonly #keep: number;
  readonly #routeOf: Vendor["routeOf"];
  /** A ring once it is full: the next entry takes the place of the oldest. */
  #log: Array<Entry> = [];
  #next = 0;
  #byRoute: Partial<Record<RouteName, number>> = {};
  #byStatus: Record<number, number> = {};
  #byFault: Record<string, number> = {};
  #requests = 0;
  #violations = 0;
  #faults = 0;
  #bytes = 0;

  /** @param keep how many requests the log holds */
  constructor(keep: number, routeOf: Vendor["routeOf"]) {
    this.#keep = keep;
    this.#routeOf = routeOf;
  }

  record(record: RequestRecord, bytes: number, violation: boolean): void {
    const { ordinal, routeOrdinal, at, method, path, query, route, apiKey, status, sent, fault } = record;
    this.#requests++;
    this.#byRoute[route] = (this.#byRoute[route] ?? 0) + 1;
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
    this.#bytes += bytes;
    if (violation) this.#violations++;
    if (fault !== undefined) {
      this.#faults++;
      this.#byFault[fault] = (this.#byFault[fault] ?? 0) + 1;
    }
    if (this.#keep === 0) return;
    this.#log[this.#next] = { ordinal, routeOrdinal, at, method, path, query, apiKey, status, sent, fault };
    this.#next = (this.#next + 1) % this.#keep;
  }

  stats(): SandboxStats {
    return {
      requests: this.#requests,
      byRoute: { ...this.#byRoute },
      byStatus: { ...this.#byStatus },
      violations: this.#violations,
      faults: this.#faults,
      byFault: { ...this.#byFault },
      bytes: this.#bytes,
      dropped: this.#requests - this.#log.length,
    };
  }

  /** The newest requests, oldest first. */
  log(): ReadonlyArray<RequestRecord> {
    const isFull = this.#log.length === this.#keep;
    const oldestFirst = isFull
      ? [...this.#log.slice(this.#next), ...this.#log.slice(0, this.#next)]
      : this.#log;
    return oldestFirst.map((entry) => {
      const { name, parts } = this.#routeOf(entry.path, entry.query);
      return { ...entry, route: name, parts };
    });
  }

  clear(): void {
    this.#log = [];
    this.#next = 0;
    this.#byRoute = {};
    this.#byStatus = {};
    this.#byFault = {};
    this.#requests =
      this.#violations =
      this.#faults =
      this.#bytes =
        0;
  }
}
