import type { Reason } from "./PluginError.ts";

/**
 * A unit of work (an instrument, an exchange) that could not be finished, and why; `Missing` when a look at the store
 * found that it lacks something.
 */
export interface UnitFailure {
  readonly unit: string;
  readonly reason: Reason["_tag"] | "Missing";
  readonly message: string;
}

export interface SummaryTable {
  readonly title: string;
  readonly columns: ReadonlyArray<string>;
  readonly rows: ReadonlyArray<ReadonlyArray<string | number>>;
}

/**
 * What a run of a DAG did, for a person to check and for `--json`.
 *
 * - `done`: all that was asked for is there
 * - `nothing`: it was all there already
 * - `partial`: some units failed, the others are there
 * - `failed`: every unit failed
 */
export interface RunSummary {
  readonly outcome: "done" | "nothing" | "partial" | "failed";
  /** One sentence. */
  readonly headline: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly tables: ReadonlyArray<SummaryTable>;
  readonly failures: ReadonlyArray<UnitFailure>;
  /** Warnings and facts a user should know, a sentence each. */
  readonly notes: ReadonlyArray<string>;
  /** What a table cannot hold, as plain JSON, for `--json` alone; its form is the DAG's own. */
  readonly details?: ReadonlyArray<object>;
}

/** What a run would do. Nothing was fetched to know it. */
export interface RunPlan {
  readonly headline: string;
  readonly requests: number;
  /** At the source's declared pace, seconds. */
  readonly seconds: number;
  readonly tables: ReadonlyArray<SummaryTable>;
  readonly notes: ReadonlyArray<string>;
}
