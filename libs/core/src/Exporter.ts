import type { Effect, Stream } from "effect";
import type { Columns, RowOf } from "./Dataset.ts";
import type { PluginError } from "./PluginError.ts";

/** A file to write for other programs. */
export interface ExportTarget {
  /** Absolute path. A file there is replaced, once the new one is whole. */
  readonly path: string;
  /** One of the exporter's `formats`. */
  readonly format: string;
  /** How decimals are written: as doubles, which every tool calculates with, or as they stand. */
  readonly decimals: "double" | "exact";
  /** An existing folder for files on the way, on which nobody else works. */
  readonly scratch: string;
}

/** What was written. */
export interface Exported {
  readonly rows: number;
  readonly bytes: number;
}

/** Writes rows of any store into files of well-known formats. */
export interface Exporter {
  readonly formats: ReadonlyArray<string>;
  /**
   * Writes all rows, in their order, in bounded memory; the file appears whole or not at all. Times are instants in
   * UTC, days are days, json is text. Fails as `Store` (`capacity` for a full disk) and leaves nothing behind.
   */
  readonly write: <C extends Columns, E, R>(
    columns: C,
    rows: Stream.Stream<ReadonlyArray<RowOf<C>>, E, R>,
    target: ExportTarget,
  ) => Effect.Effect<Exported, PluginError | E, R>;
}
