/** A table that is to be emptied, and why, where nobody named it. */
export interface Emptied {
  readonly table: string;
  readonly because?: string;
}

/** What would be wrong about tables once another is empty; names as the datasets of core and of its DAGs have them. */
interface Rule {
  readonly of: RegExp;
  /** `source` is the beginning of the names of its tables: `kite`. */
  readonly takes: (source: string, owned: ReadonlyArray<string>) => ReadonlyArray<string>;
  readonly because: (table: string) => string;
}

/** Tables of all sources together. */
const SHARED = ["candle_failures", "candle_revisions", "restatements", "rejected_records"];

const rules: ReadonlyArray<Rule> = [
  {
    of: /^(.+)_instrument_master$/,
    takes: (_, owned) => [...owned, ...SHARED],
    because: (table) => `the numbers of its listings go to others when ${table} is filled anew`,
  },
  {
    of: /^(.+)_ohlcv_historic$/,
    takes: (source) => [`${source}_ohlcv_coverage`, `${source}_ohlcv_restated`, "candle_failures"],
    because: (table) => `it says what was fetched into ${table}, and runs would not fetch that again`,
  },
  {
    of: /^(.+)_(?:tokens|strike_distribution)$/,
    takes: (source) => [`${source}_tokens`, `${source}_strike_distribution`, `${source}_token_derivation`],
    because: (table) => `it is made together with ${table}, as a whole`,
  },
];

const MASTER = /^(.+)_instrument_master$/;

/** The source that a table belongs to: of those whose names it begins with, the one with the longest. */
const sourceOf = (table: string, sources: ReadonlyArray<string>): string | undefined =>
  sources.filter((source) => table.startsWith(`${source}_`))
    .reduce<string | undefined>(
      (best, source) => source.length > (best ?? "").length ? source : best,
      undefined,
    );

/**
 * The tables to empty so that none of those left says what is not so: the ones asked for, in their order, then those
 * of `present` that must go with them.
 */
export const withDependents = (
  asked: ReadonlyArray<string>,
  present: ReadonlyArray<string>,
): ReadonlyArray<Emptied> => {
  const sources = present.flatMap((table) => MASTER.exec(table)?.[1] ?? []);
  const emptied = new Map<string, Emptied>(asked.map((table) => [table, { table }]));
  // Grows while it is walked: what goes along may take others.
  for (const { table } of emptied.values()) {
    for (const { because, of, takes } of rules) {
      const source = of.exec(table)?.[1];
      if (source === undefined) continue;
      const owned = present.filter((one) => sourceOf(one, sources) === source);
      for (const taken of takes(source, owned)) {
        if (present.includes(taken) && !emptied.has(taken)) {
          emptied.set(taken, { table: taken, because: because(table) });
        }
      }
    }
  }
  return [...emptied.values()];
};
