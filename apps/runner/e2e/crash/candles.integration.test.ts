import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { lookAtCandles, lost } from "./candles.ts";
import type { Database, Server } from "./database.ts";
import { serverOfOwn } from "./series.ts";
import { differences } from "./tables.ts";

/** A harness that sees no fault proves nothing: here the store is spoilt in each of the ways it looks for. */

/** A store like one that a run has filled: one series of five days, fetched to its end. */
const filled = (schema: string, id: number) => `
  create schema if not exists ${schema};
  create table ${schema}.kite_instrument_master
    (instrument_id bigint primary key, instrument_token bigint, exchange text, segment text, tradingsymbol text);
  create table ${schema}.kite_ohlcv_historic (instrument_id bigint, interval text, ts timestamptz,
    open numeric, high numeric, low numeric, close numeric, volume bigint, oi bigint, is_final boolean,
    fetched_at timestamptz default clock_timestamp(), primary key (instrument_id, interval, ts));
  create table ${schema}.kite_ohlcv_coverage (instrument_id bigint, interval text, range_start timestamptz,
    range_end timestamptz, is_final boolean, fetched_at timestamptz default clock_timestamp());
  insert into ${schema}.kite_instrument_master values (${id}, 7, 'NSE', 'NSE', 'CANDLE');
  insert into ${schema}.kite_ohlcv_historic
    select ${id}, 'day', ts, 1, 2, 0.5, 1.5, 100, null, true
    from generate_series('2025-01-01Z'::timestamptz, '2025-01-05Z', '1 day') ts;
  insert into ${schema}.kite_ohlcv_coverage values (${id}, 'day', '2025-01-01Z', '2025-01-06Z', true);`;

const asked = { symbols: ["NSE:CANDLE"], interval: "day" };

let server: Server;
let database: Database;
let count = 0;
beforeAll(async () => {
  server = await serverOfOwn();
});
afterAll(() => server.close());
beforeEach(async () => {
  database = await server.make(`store_${++count}`);
  await database.client.unsafe(filled("public", 1) + filled("truth", 99));
  return () => database.close();
});

const spoil = (statement: string) => database.client.unsafe(statement);
const found = async () => (await lookAtCandles(database, asked)).violations;

it("a store that agrees with the truth is found so, whatever its surrogate ids and times", async () => {
  const { covered, stored, violations } = await lookAtCandles(database, asked);
  expect({ stored, violations }).toEqual({ stored: 5, violations: [] });
  expect([...covered.keys()]).toEqual(["7"]);
  expect(await differences(database, "public", "truth")).toEqual([]);
});

it("a part of the truth with as much coverage is no fault, but not the end either", async () => {
  await spoil("delete from kite_ohlcv_historic where ts >= '2025-01-04Z'");
  await spoil("update kite_ohlcv_coverage set range_end = '2025-01-04Z'");
  expect(await found()).toEqual([]);
  expect(await differences(database, "public", "truth")).toEqual([
    "kite_ohlcv_coverage: 1 rows too many, 1 missing",
    "kite_ohlcv_historic: 0 rows too many, 2 missing",
  ]);
});

it.each([
  ["delete from kite_ohlcv_historic where ts = '2025-01-03Z'", "1 candles missing from covered ranges (7)"],
  ["update kite_ohlcv_historic set close = 1.4 where ts = '2025-01-03Z'", "1 candles with other values"],
  ["update kite_ohlcv_historic set is_final = false where ts = '2025-01-03Z'", "1 candles with other values"],
  [
    "update kite_ohlcv_historic set ts = ts + interval '1 hour' where ts = '2025-01-03Z'",
    "1 candles that no",
  ],
  ["update kite_ohlcv_coverage set range_end = '2025-01-05Z'", "1 candles outside every covered range (7)"],
  ["update kite_ohlcv_coverage set is_final = false", "5 candles outside every covered range (7)"],
  ["update kite_ohlcv_historic set interval = 'minute' where ts = '2025-01-03Z'", "1 candles of listings or"],
  ["insert into kite_instrument_master values (2, 7, 'NSE', 'NSE', 'CANDLE')", "2 series for token 7"],
])("%s: found", async (statement, words) => {
  await spoil(statement);
  expect((await found()).join("; ")).toContain(words);
});

it("ranges that are covered no longer are found", async () => {
  const before = await lookAtCandles(database, asked);
  await spoil("delete from kite_ohlcv_historic; delete from kite_ohlcv_coverage");
  const after = await lookAtCandles(database, asked);
  expect(after.violations).toEqual([]);
  expect(lost(before, after)).toEqual(["committed ranges of token 7 are no longer covered"]);
  expect(lost(after, before)).toEqual([]);
});

it("a row too many in any table is found, and one of a table that the truth lacks", async () => {
  await spoil("create table leftovers as select 1 as one; create table truth.nothing (one int)");
  expect(await differences(database, "public", "truth")).toEqual(["leftovers: 1 rows too many, 0 missing"]);
});
