import {
  candleHistory,
  instrumentHistory,
  instrumentMaster,
  type InstrumentRow,
  type Sink,
  Where,
} from "@candlewick/core";
import { Effect, Exit, Scope, Stream } from "effect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arePresent, dumpDates, dumpText, kite, recordedCandles, series } from "./recordings.ts";
import { openSink, openSource, runDag, sandboxProcess } from "./workspace.ts";

const master = instrumentMaster({ id: "kite", tokenType: "int64" });
const history = instrumentHistory({ id: "kite", tokenType: "int64" });
const candles = candleHistory({ id: "kite" });

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect);
const all = <A>(rows: Stream.Stream<ReadonlyArray<A>, unknown>): Promise<ReadonlyArray<A>> =>
  run(Effect.map(Stream.runCollect(rows), (batches) => batches.flat()));

/** What a dump says of a listing, and what the store does, in one form. */
const described = (fields: ReadonlyArray<unknown>): string => JSON.stringify(fields);
const byNumber = (text: string | undefined): number | null =>
  text === undefined || text === "" ? null : Number(text);

/** The rows of a dump, read independently of the source: quotes stand around names only. */
const dumpRows = (date: string): ReadonlyArray<string> =>
  dumpText(date).trimEnd().split("\n").slice(1).map((line) => {
    const [token, exchangeToken, symbol, name = "", , expiry, strike, tick, lot, type, segment, exchange] =
      line.match(/("([^"]*)"|[^,]*)(,|$)/g)!.map((field) => field.replace(/,$/, "").replaceAll('"', ""));
    return described([
      ...[Number(token), exchangeToken, symbol, name === "" ? null : name, expiry === "" ? null : expiry],
      ...[byNumber(strike), byNumber(tick), byNumber(lot), type, segment, exchange?.trim()],
    ]);
  }).sort();

type Listing = Omit<InstrumentRow, "instrument_id" | "last_updated" | "created_at" | "delisted_at">;

const storedRow = (row: Listing): string =>
  described([
    ...[row.instrument_token, row.exchange_token, row.tradingsymbol, row.name, row.expiry],
    ...[byNumber(row.strike ?? ""), byNumber(row.tick_size ?? ""), row.lot_size],
    ...[row.instrument_type, row.segment, row.exchange],
  ]);

describe.skipIf(!arePresent)("recorded dumps and candles in PostgreSQL (needs ../shared/recordings)", () => {
  let scope: Scope.Closeable;
  let directory: string;
  let sink: Sink.Sink["Service"];

  beforeAll(async () => {
    scope = await run(Scope.make());
    directory = await Deno.makeTempDir({ prefix: "candlewick-e2e-" });
    sink = await run(Scope.provide(openSink("postgres", directory), scope));
  });

  afterAll(async () => {
    await run(Scope.close(scope, Exit.void));
    await Deno.remove(directory, { recursive: true });
  });

  const replaying = <A, E>(
    date: string,
    use: (source: Effect.Success<ReturnType<typeof openSource>>) => Effect.Effect<A, E>,
  ): Promise<A> =>
    run(Effect.scoped(Effect.gen(function* () {
      const settings = yield* sandboxProcess("kite-sandbox", [
        "--replay",
        kite,
        "--date",
        date,
        "--no-limits",
      ]);
      return yield* use(yield* openSource("kite", settings, "none"));
    })));

  const current = () => all(sink.select(master, { where: [Where.on(master).isNull("delisted_at")] }));

  const loadedAt = new Map<string, number>();

  it.each([[dumpDates[0], 48_218], [dumpDates[1], 64_363], [dumpDates[2], 39_941]] as const)(
    "002-P16: complete instrument storage: the dump of %s, %i rows, row for row, and nothing the second time",
    async (date, rows) => {
      await replaying(date, (source) =>
        Effect.gen(function* () {
          const first = yield* runDag("instruments", {}, { source, sink });
          expect(first.counts).toMatchObject({ fetched: rows, rejected: 0 });
          loadedAt.set(date, Date.now());
          const again = yield* runDag("instruments", {}, { source, sink });
          expect(again).toMatchObject({
            outcome: "nothing",
            counts: { inserted: 0, updated: 0, unchanged: rows },
          });
        }));
      const wanted = dumpRows(date);
      const exchanges = new Set(wanted.map((row) => JSON.parse(row)[10]));
      const stored = (await current()).filter((row) => exchanges.has(row.exchange)).map(storedRow).sort();
      expect(stored.length).toBe(rows);
      expect(stored).toEqual(wanted);
    },
  );

  it("leaves every listing of every dump findable at its time, exchanges that a dump lacks included", async () => {
    const [rows, former] = [await all(sink.select(master)), await all(sink.select(history))];
    const asOf = (instant: number) =>
      [
        ...former.filter((row) => row.valid_from <= instant && instant < row.valid_to),
        ...rows.filter((row) => row.last_updated <= instant),
      ].filter((row) => row.delisted_at === null);
    for (const date of dumpDates) {
      const wanted = dumpRows(date);
      const exchanges = new Set(wanted.map((row) => JSON.parse(row)[10]));
      const found = asOf(loadedAt.get(date)!).filter((row) => exchanges.has(row.exchange)).map(storedRow)
        .sort();
      expect(found).toEqual(wanted);
    }
    // The dump of 2026 holds NFO and BFO alone: what NSE, BSE and MCX listed stays current.
    const listed = new Set(rows.filter((row) => row.delisted_at === null).map((row) => row.exchange));
    expect([...listed].sort()).toEqual(["BFO", "BSE", "MCX", "NFO", "NSE"]);
  });

  it("never lets a recycled token join two contracts", async () => {
    const states = [...await all(sink.select(master)), ...await all(sink.select(history))];
    const expiries = new Map<number, string | null>();
    for (const state of states) {
      const known = expiries.get(state.instrument_id);
      if (known !== undefined) expect(state.expiry).toBe(known);
      expiries.set(state.instrument_id, state.expiry);
    }
  });

  it.each([["day", "2020-07-14", "2026-01-09", 24], ["60minute", "2024-12-05", "2026-01-09", 24]] as const)(
    "stores the recorded %s series digit for digit, and then has nothing to do",
    async (interval, from, to, count) => {
      const symbols = series().map((one) => one.symbol);
      expect(symbols.length).toBe(count);
      await replaying("2019-10-25", (source) =>
        Effect.gen(function* () {
          const parameters = { interval, from, to, symbols };
          const summary = yield* runDag("historic", parameters, { source, sink });
          expect(summary).toMatchObject({ outcome: "done", counts: { rejected: 0, failed: 0 } });
          const again = yield* runDag("historic", parameters, { source, sink });
          expect(again).toMatchObject({ outcome: "nothing", counts: { requests: 0 } });
        }));
      for (const { token, symbol } of series()) await expectRecorded(token, symbol, interval);
    },
  );

  it("stores the recorded minute series of HINDUNILVR digit for digit", async () => {
    await replaying("2019-10-25", (source) =>
      runDag("historic", {
        interval: "minute",
        from: "2023-04-01",
        to: "2023-05-31",
        symbols: ["NSE:HINDUNILVR"],
      }, { source, sink }));
    const stored = await expectRecorded("356865", "NSE:HINDUNILVR", "minute");
    expect(stored).toBe(7_771);
  });

  /** A number spelled without needless zeros: the recordings write `0.0` and `2573.0` here and there. */
  const plain = (digits: string): string => digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;

  const expectRecorded = async (token: string, symbol: string, interval: string): Promise<number> => {
    const on = { master: Where.on(master), candles: Where.on(candles) };
    const [listing] = await all(sink.select(master, {
      where: [
        on.master.eq("tradingsymbol", symbol.slice(4)),
        on.master.eq("exchange", "NSE"),
        on.master.isNull("delisted_at"),
      ],
    }));
    expect(listing!.instrument_token).toBe(Number(token));
    const stored = await all(sink.select(candles, {
      where: [on.candles.eq("instrument_id", listing!.instrument_id), on.candles.eq("interval", interval)],
      orderBy: ["ts"],
    }));
    const wanted = recordedCandles(token, interval);
    expect(stored.map((row) => [row.ts, row.open, row.high, row.low, row.close, String(row.volume)])).toEqual(
      wanted.map(([stamp, open, high, low, close, volume]) => [
        Date.parse(stamp.replace("+0530", "+05:30")),
        ...[plain(open), plain(high), plain(low), plain(close), volume],
      ]),
    );
    expect(stored.every((row) => row.is_final)).toBe(true);
    return stored.length;
  };
});
