import { candleHistory, Dataset, instrumentMaster, Sink, Where } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit, Stream } from "effect";
import * as fc from "fast-check";
import { serverForTests, sinkOn, type TestDatabase } from "./testing/servers.ts";

const RUNS = 100;
const TIMEOUT = 120_000;

const source = { id: "kite", tokenType: "int64" } as const;
const master = instrumentMaster(source);
const candles = candleHistory(source);

type Instrument = Dataset.Row<typeof master>;
type Candle = Dataset.Row<typeof candles>;

const price = fc.tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 9_999 })).map(([whole, part]) =>
  `${whole}.${part}`
);

const instrument = fc.record<Instrument>({
  instrument_id: fc.integer({ min: 1, max: 40 }),
  instrument_token: fc.nat(),
  exchange: fc.constantFrom("NSE", "BSE", "NFO", "MCX"),
  tradingsymbol: fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\0", "")),
  exchange_token: fc.option(fc.nat().map(String)),
  instrument_type: fc.constantFrom("EQ", "FUT", "CE", "PE"),
  name: fc.option(fc.constantFrom("", "INFOSYS", "M&M")),
  segment: fc.constantFrom("NSE", "INDICES", "NFO-OPT"),
  expiry: fc.option(fc.constantFrom("2024-01-25", "2026-12-31")),
  strike: fc.option(price),
  tick_size: fc.option(fc.constantFrom("0.05", "0.0025")),
  lot_size: fc.option(fc.nat({ max: 1_000_000 })),
  last_updated: fc.nat(),
  created_at: fc.nat(),
  delisted_at: fc.option(fc.nat()),
});

/** Few and many: the two ways that rows go into the database. */
const sizes = fc.constantFrom({ minLength: 0, maxLength: 5 }, { minLength: 0, maxLength: 40 });
const instruments = sizes.chain((size) =>
  fc.uniqueArray(instrument, { selector: (row) => row.instrument_id, ...size })
);

const candle = fc.record<Candle>({
  instrument_id: fc.constant(1),
  interval: fc.constant("day"),
  ts: fc.integer({ min: 0, max: 30 }).map((day) => day * 86_400_000),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: fc.nat(),
  oi: fc.option(fc.nat()),
  is_final: fc.boolean(),
  fetched_at: fc.nat(),
});
const someCandles = fc.uniqueArray(candle, { selector: (row) => row.ts, maxLength: 20 });

/** As a stream the same rows take the way of many, whatever their number. */
const given = <A>(rows: ReadonlyArray<A>, asStream: boolean) =>
  asStream ? Stream.fromIterable([rows.slice(0, 2), rows.slice(2)]) : rows;

const storedInstruments = (sink: Sink.Sink["Service"]) =>
  Effect.map(
    Stream.runCollect(sink.select(master, { orderBy: ["instrument_id"] })),
    (batches) => batches.flat(),
  );

const storedCandles = (sink: Sink.Sink["Service"]) =>
  Effect.map(Stream.runCollect(sink.select(candles)), (batches) => batches.flat());

const sorted = (rows: ReadonlyArray<Instrument>) =>
  rows.toSorted((a, b) => a.instrument_id - b.instrument_id);

describe("properties of the seeds, on a real server", () => {
  const server = serverForTests();

  /** Runs a property against one database, emptied before each run. */
  const holds = <T>(
    arbitrary: fc.Arbitrary<T>,
    body: (database: TestDatabase, value: T) => Effect.Effect<void, unknown>,
  ) =>
    server.run(Effect.gen(function* () {
      const database = yield* server.database();
      yield* database.sink.ensure(master);
      yield* database.sink.ensure(candles);
      const property = fc.asyncProperty(arbitrary, (value) =>
        Effect.runPromise(Effect.gen(function* () {
          yield* database.sql(`truncate "${master.name}", "${candles.name}"`);
          yield* body(database, value);
        })));
      yield* Effect.promise(() => fc.assert(property, { numRuns: RUNS }));
    }));

  it(
    "002-P5: Idempotent table creation",
    () =>
      holds(
        fc.tuple(instruments, fc.integer({ min: 1, max: 3 })),
        ({ address, sink, sql }, [rows, times]) =>
          Effect.scoped(Effect.gen(function* () {
            yield* sink.upsert(master, rows);
            // Other processes, which do not know that it was ensured already.
            yield* Effect.all(
              Array.from(
                { length: times },
                () => Effect.flatMap(sinkOn(address), (other) => other.ensure(master)),
              ),
              { concurrency: "unbounded" },
            );
            expect(yield* storedInstruments(sink)).toEqual(sorted(rows));
            expect(yield* sql(`select count(*) from pg_tables where tablename = '${master.name}'`)).toEqual([[
              "1",
            ]]);
          })),
      ),
    TIMEOUT,
  );

  it(
    "002-P7: Upsert idempotence",
    () =>
      holds(
        fc.tuple(instruments, fc.integer({ min: 2, max: 3 }), fc.boolean()),
        ({ sink }, [rows, times, asStream]) =>
          Effect.gen(function* () {
            for (let i = 0; i < times; i++) yield* sink.upsert(master, given(rows, asStream));
            expect(yield* storedInstruments(sink)).toEqual(sorted(rows));
          }),
      ),
    TIMEOUT,
  );

  it(
    "002-P9: Upsert count logging: inserted, updated and unchanged add up to the rows given",
    () =>
      holds(
        fc.tuple(instruments, instruments, fc.boolean()),
        ({ sink }, [before, rows, asStream]) =>
          Effect.gen(function* () {
            yield* sink.upsert(master, before);
            const counts = yield* sink.upsert(master, given(rows, asStream));
            expect(counts.inserted + counts.updated + counts.unchanged).toBe(rows.length);
            const known = new Set(before.map((row) => row.instrument_id));
            expect(counts.inserted).toBe(rows.filter((row) => !known.has(row.instrument_id)).length);
          }),
      ),
    TIMEOUT,
  );

  it("002-P10: Transaction rollback on error", () =>
    holds(
      fc.tuple(instruments, instruments, fc.constantFrom("row", "key", "stream", "caller"), fc.boolean()),
      ({ sink }, [before, rows, error, asStream]) =>
        Effect.gen(function* () {
          yield* sink.upsert(master, before);
          const last: Instrument = {
            ...(rows[0] ?? before[0] ?? fc.sample(instrument, 1)[0]!),
            instrument_id: 99,
          };
          const bad = {
            row: [...rows, { ...last, strike: "abc" }],
            key: [...rows, last, last],
            stream: rows,
            caller: rows,
          }[error];
          const batches = error === "stream"
            ? Stream.concat(Stream.succeed(bad), Stream.fail("torn"))
            : given(bad, asStream);
          const write = sink.upsert(master, batches);
          const exit = yield* Effect.exit(
            error === "caller" ? sink.transaction(Effect.andThen(write, Effect.fail("no"))) : write,
          );
          expect(Exit.isFailure(exit)).toBe(true);
          expect(yield* storedInstruments(sink)).toEqual(sorted(before));
        }),
    ), TIMEOUT);

  it(
    "001-P6: Upsert updates existing records",
    () =>
      holds(
        fc.tuple(someCandles, price, fc.boolean()),
        ({ sink }, [rows, close, asStream]) =>
          Effect.gen(function* () {
            yield* sink.upsert(candles, rows);
            const changed = rows.map((row) => ({ ...row, close, fetched_at: row.fetched_at + 1 }));
            const counts = yield* sink.upsert(candles, given(changed, asStream));
            expect(counts.inserted).toBe(0);
            const stored = new Map((yield* storedCandles(sink)).map((row) => [row.ts, row]));
            expect(stored.size).toBe(rows.length);
            for (const row of changed) {
              expect(Number(stored.get(row.ts)!.close)).toBe(Number(close));
            }
          }),
      ),
    TIMEOUT,
  );

  it("001-P15: Batch commits are transactional", () =>
    holds(
      fc.tuple(fc.array(someCandles, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 })),
      ({ sink }, [batches, failing]) =>
        Effect.gen(function* () {
          const { eq } = Where.on(candles);
          // Batch by batch as the historic job commits: one that fails leaves the others whole.
          for (const [i, batch] of batches.entries()) {
            const rows = batch.map((row) => ({ ...row, instrument_id: i }));
            yield* Effect.exit(sink.transaction(Effect.gen(function* () {
              yield* sink.upsert(candles, rows);
              yield* sink.upsert(master, [{ ...fc.sample(instrument, 1)[0]!, instrument_id: i }]);
              if (i === failing) return yield* Effect.fail("the batch fails");
            })));
          }
          for (const [i, batch] of batches.entries()) {
            const found = yield* Stream.runCollect(sink.select(candles, { where: [eq("instrument_id", i)] }));
            expect(found.flat().length).toBe(i === failing ? 0 : batch.length);
          }
          expect((yield* storedInstruments(sink)).map((row) => row.instrument_id)).toEqual(
            [...batches.keys()].filter((i) => i !== failing),
          );
        }),
    ), TIMEOUT);
});
