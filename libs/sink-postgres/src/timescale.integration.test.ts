import { candleHistory, Dataset } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Logger, References } from "effect";
import * as Timescale from "./sql/timescale.ts";
import { serverForTests } from "./testing/servers.ts";

const candles = candleHistory({ id: "kite" });
const series = candles.timeSeries!;

const candle = {
  instrument_id: 1,
  interval: "day",
  ts: 0,
  open: "1",
  high: "2",
  low: "0.5",
  close: "1.5",
  volume: 10,
  oi: null,
  is_final: true,
  fetched_at: 0,
};

/** What a run logs at each level. */
const logged = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<string> = [];
    const logger = Logger.make(({ logLevel, message }) => {
      lines.push(`${logLevel}: ${Array.isArray(message) ? message.join(" ") : message}`);
    });
    return body.pipe(
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "Info"),
      Effect.as(lines),
    );
  });

/**
 * Stands in for the extension: functions of its names and signatures that note how they were called. What
 * TimescaleDB does with the rows is not tried here; it is not installed on the machines where this runs.
 */
const pretend = (version: string): string => `
  create table calls (n serial, call text);
  create function create_hypertable(relation regclass, time_column_name name, partitioning_column name default null,
    number_partitions integer default null, associated_schema_name name default null,
    associated_table_prefix name default null, chunk_time_interval anyelement default null::bigint,
    create_default_indexes boolean default true, if_not_exists boolean default false,
    partitioning_func regproc default null, migrate_data boolean default false, chunk_target_size text default null,
    chunk_sizing_func regproc default null, time_partitioning_func regproc default null)
  returns table (hypertable_id int, schema_name name, table_name name, created bool) language sql as $$
    insert into calls (call) values (format('%s %s %s %s %s %s', relation, time_column_name, chunk_time_interval,
      create_default_indexes, if_not_exists, migrate_data));
    select 1, 'public'::name, relation::text::name, true $$;
  create schema timescaledb_information;
  create view timescaledb_information.hypertables as
    select 'public'::name as hypertable_schema, 'kite_ohlcv_historic'::name as hypertable_name,
      false as compression_enabled;
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    values (99999, 'timescaledb', 10, 11, false, '${version}')`;

describe("statements for TimescaleDB", () => {
  it("make a hypertable of a table that may hold rows, again and again", () => {
    expect(Timescale.createHypertable(candles, series).replace(/\s+/g, " ")).toBe(
      `select create_hypertable('"kite_ohlcv_historic"'::regclass, 'ts'::name, ` +
        `chunk_time_interval => interval '1 year', create_default_indexes => false, ` +
        `if_not_exists => true, migrate_data => true)`,
    );
  });

  it("compress what is read together", () => {
    const [table, policy] = Timescale.compress(candles, series).map((text) => text.replace(/\s+/g, " "));
    expect(table).toBe(
      `alter table "kite_ohlcv_historic" set (timescaledb.compress, timescaledb.compress_segmentby = ` +
        `'"instrument_id", "interval"', timescaledb.compress_orderby = '"ts"')`,
    );
    expect(policy).toContain("compress_after => interval '2 years', if_not_exists => true");
  });

  it("compress only where compressed rows can be written", () => {
    expect(["2.10.3", "1.7", "2.9"].some(Timescale.canWriteCompressed)).toBe(false);
    expect(["2.11.0", "2.22.1", "3.0"].every(Timescale.canWriteCompressed)).toBe(true);
  });
});

describe("time series, on a real server", () => {
  const server = serverForTests();

  it(
    "are plain tables without TimescaleDB, and the log says so once",
    () =>
      server.run(Effect.gen(function* () {
        const { sink } = yield* server.database();
        const lines = yield* logged(Effect.andThen(sink.ensure(candles), sink.ensure(candles)));
        expect(lines).toEqual(["Info: kite_ohlcv_historic is a plain table: TimescaleDB is not installed"]);
        const plain = Dataset.make({ name: "plain", columns: { id: Dataset.int64() }, key: ["id"] });
        expect(yield* logged(sink.ensure(plain))).toEqual([]);
      })),
    30_000,
  );

  it(
    "become hypertables where the extension is, and stay usable when it refuses a part",
    () =>
      server.run(Effect.gen(function* () {
        const { sink, sql } = yield* server.database();
        yield* sql(pretend("2.17.2"));
        const lines = yield* logged(sink.ensure(candles));
        expect(yield* sql("select call from calls")).toEqual([["kite_ohlcv_historic ts 1 year f t t"]]);
        // Real PostgreSQL does not know the compression parameters of the extension.
        expect(lines.length).toBe(1);
        expect(lines[0]).toMatch(
          /^Info: kite_ohlcv_historic is a hypertable of TimescaleDB 2\.17\.2, not compressed: /,
        );
        expect(yield* sink.upsert(candles, [candle])).toMatchObject({ inserted: 1 });
      })),
    30_000,
  );

  it(
    "are not compressed by versions that could not write to them any more",
    () =>
      server.run(Effect.gen(function* () {
        const { sink, sql } = yield* server.database();
        yield* sql(pretend("2.9.1"));
        const [line] = yield* logged(sink.ensure(candles));
        expect(line).toContain("not compressed, for TimescaleDB 2.9.1 does not write to compressed rows");
      })),
    30_000,
  );

  it(
    "stay plain tables with a warning when the extension refuses them",
    () =>
      server.run(Effect.gen(function* () {
        const { sink, sql } = yield* server.database();
        yield* sql(pretend("2.17.2"));
        yield* sql("alter table calls add constraint refuses check (false)");
        const [line] = yield* logged(sink.ensure(candles));
        expect(line).toMatch(
          /^Warn: kite_ohlcv_historic is a plain table: TimescaleDB refused it: .*refuses/,
        );
        expect(yield* sink.upsert(candles, [candle])).toMatchObject({ inserted: 1 });
      })),
    30_000,
  );
});
