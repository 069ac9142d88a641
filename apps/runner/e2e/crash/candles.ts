import { RangeSet } from "@candlewick/core";
import { type Database, tablesIn } from "./database.ts";

const CANDLES = "kite_ohlcv_historic";
const COVERAGE = "kite_ohlcv_coverage";
const MASTER = "kite_instrument_master";

/** The schema that holds what an undisturbed run has stored. */
export const TRUTH = "truth";

/** Values of a candle, without its key and the time it was fetched. */
const VALUES = ["open", "high", "low", "close", "volume", "oi", "is_final"];
const values = (table: string) => `(${VALUES.map((name) => `${table}.${name}`).join(", ")})`;

/**
 * Stored candles beside those of the truth, one row a series. Rows of listings that are none of the series' and of
 * other intervals are counted as strangers.
 */
const COMPARE = `
  with series as (
    select own.instrument_id as own_id, own.instrument_token::text as token, actual.instrument_id as true_id
    from public.${MASTER} own join ${TRUTH}.${MASTER} actual using (exchange, segment, tradingsymbol)
    where own.exchange || ':' || own.tradingsymbol in (select json_array_elements_text($1::text::json))
  ), covered as (
    select series.own_id, range_agg(tstzrange(range_start, range_end)) filter (where is_final) as ranges
    from series join public.${COVERAGE} on instrument_id = own_id and interval = $2 group by 1
  ), stored as (
    select series.true_id, candle.* from public.${CANDLES} candle join series on own_id = instrument_id
    where interval = $2
  ), truth as (
    select candle.* from ${TRUTH}.${CANDLES} candle
    where interval = $2 and instrument_id in (select true_id from series)
  ), pairs as (
    select coalesce(stored.true_id, truth.instrument_id) as true_id, coalesce(stored.ts, truth.ts) as ts,
      stored.ts is not null as is_stored, truth.ts is not null as is_true,
      ${values("stored")} is distinct from ${values("truth")} as differs
    from stored full join truth on truth.instrument_id = stored.true_id and truth.ts = stored.ts
  ), counted as (
    select true_id,
      count(*) filter (where is_stored) as stored,
      count(*) filter (where is_stored and not is_true) as invented,
      count(*) filter (where is_stored and is_true and differs) as different,
      count(*) filter (where is_true and not is_stored and ranges @> ts) as lacking,
      count(*) filter (where is_stored and not coalesce(ranges @> ts, false)) as unclaimed
    from pairs join series using (true_id) left join covered using (own_id) group by 1
  )
  select series.token, count(*) over (partition by series.token)::int as listings,
    coalesce(stored, 0)::int as stored, coalesce(invented, 0)::int as invented,
    coalesce(different, 0)::int as different, coalesce(lacking, 0)::int as lacking,
    coalesce(unclaimed, 0)::int as unclaimed,
    (select count(*)::int from public.${CANDLES}) as everything,
    (select coalesce(json_agg(json_build_array(
        extract(epoch from range_start) * 1000, extract(epoch from range_end) * 1000)), '[]')::text
      from public.${COVERAGE} where instrument_id = own_id and interval = $2 and is_final) as coverage
  from series left join counted using (true_id)`;

interface Compared {
  readonly token: string;
  readonly listings: number;
  readonly stored: number;
  readonly invented: number;
  readonly different: number;
  readonly lacking: number;
  readonly unclaimed: number;
  readonly everything: number;
  readonly coverage: string;
}

/** The series of a round. */
export interface Asked {
  /** `exchange:tradingsymbol`. */
  readonly symbols: ReadonlyArray<string>;
  readonly interval: string;
}

/** What a look at the stored candles found. */
export interface Look {
  /** Committed ranges by instrument token. */
  readonly covered: ReadonlyMap<string, RangeSet.RangeSet>;
  readonly stored: number;
  readonly violations: ReadonlyArray<string>;
}

const problems: ReadonlyArray<readonly [keyof Compared, string]> = [
  ["invented", "candles that no undisturbed run stores"],
  ["different", "candles with other values than an undisturbed run's"],
  ["lacking", "candles missing from covered ranges"],
  ["unclaimed", "candles outside every covered range"],
];

/**
 * Holds the candles of one moment, read by one statement, to the truth: covered ranges have all of theirs, what is
 * stored is true and covered, and belongs to one listing for each symbol.
 */
export const lookAtCandles = async (database: Database, asked: Asked): Promise<Look> => {
  const tables = await tablesIn(database, "public");
  if (![CANDLES, COVERAGE, MASTER].every((table) => tables.has(table))) {
    return { covered: new Map(), stored: 0, violations: [] };
  }
  const rows = await database.client.unsafe<Compared>(COMPARE, [
    JSON.stringify(asked.symbols),
    asked.interval,
  ]);
  const violations = rows.flatMap((row) => [
    ...problems.flatMap(([kind, words]) =>
      Number(row[kind]) > 0 ? [`${row[kind]} ${words} (${row.token})`] : []
    ),
    ...(row.listings > 1 ? [`${row.listings} series for token ${row.token}`] : []),
  ]);
  const stored = rows.reduce((sum, row) => sum + row.stored, 0);
  if (rows.length > 0 && rows[0]!.everything !== stored) {
    violations.push(`${rows[0]!.everything - stored} candles of listings or intervals nobody asked for`);
  }
  const covered = new Map(rows.map((row) => [
    row.token,
    RangeSet.fromRanges(
      (JSON.parse(row.coverage) as ReadonlyArray<readonly [number, number]>).map(([from, to]) => ({
        from,
        to,
      })),
    ),
  ]));
  return { covered, stored, violations };
};

/** What of the former look is gone: covered ranges only grow, and with them the candles. */
export const lost = (before: Look, after: Look): ReadonlyArray<string> =>
  [...before.covered].filter(([token, ranges]) =>
    !RangeSet.covers(after.covered.get(token) ?? RangeSet.empty, ranges)
  ).map(([token]) => `committed ranges of token ${token} are no longer covered`);
