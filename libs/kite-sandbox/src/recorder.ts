import type { RouteName, SandboxRequest } from "./api/request.ts";

/** A request and how it was answered. */
export interface RequestRecord extends SandboxRequest {
  /** Of the answer that was due; a fault may have hidden it. */
  readonly status: number;
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
  /** Bytes of bodies that were due. */
  readonly bytes: number;
}

/** Counts requests and keeps the newest of them. */
export class Recorder {
  readonly #keep: number;
  #log: Array<RequestRecord> = [];
  #byRoute: Partial<Record<RouteName, number>> = {};
  #byStatus: Record<number, number> = {};
  #requests = 0;
  #violations = 0;
  #faults = 0;
  #bytes = 0;

  /** @param keep how many requests the log holds */
  constructor(keep: number) {
    this.#keep = keep;
  }

  record(record: RequestRecord, bytes: number, violation: boolean): void {
    this.#requests++;
    this.#byRoute[record.route] = (this.#byRoute[record.route] ?? 0) + 1;
    this.#byStatus[record.status] = (this.#byStatus[record.status] ?? 0) + 1;
    this.#bytes += bytes;
    if (violation) this.#violations++;
    if (record.fault !== undefined) this.#faults++;
    if (this.#keep === 0) return;
    this.#log.push(record);
    if (this.#log.length >= this.#keep * 2) this.#log = this.#log.slice(-this.#keep);
  }

  stats(): SandboxStats {
    return {
      requests: this.#requests,
      byRoute: { ...this.#byRoute },
      byStatus: { ...this.#byStatus },
      violations: this.#violations,
      faults: this.#faults,
      bytes: this.#bytes,
    };
  }

  /** The newest requests, oldest first. */
  log(): ReadonlyArray<RequestRecord> {
    return this.#log.slice(-this.#keep);
  }

  clear(): void {
    this.#log = [];
    this.#byRoute = {};
    this.#byStatus = {};
    this.#requests =
      this.#violations =
      this.#faults =
      this.#bytes =
        0;
  }
}
