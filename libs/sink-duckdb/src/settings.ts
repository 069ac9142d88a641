import { Setting } from "@candlewick/core";

/** Measured: a cap that only large merges and sorts come near; DuckDB sorts 80 million candles within it. */
export const defaults = { memory: 256, threads: 2 } as const;

export const settings = {
  path: Setting.optionalText({
    description: "Database file for real data, relative to the project; without it a file under .candlewick",
    placeholder: "data/market.duckdb",
  }),
  memory: Setting.int({
    description: "Megabytes that DuckDB may hold in memory; what does not fit goes to disk",
    default: defaults.memory,
    min: 64,
    max: 1_000_000,
  }),
  threads: Setting.int({
    description: "Threads of DuckDB",
    default: defaults.threads,
    min: 1,
    max: 256,
  }),
};
