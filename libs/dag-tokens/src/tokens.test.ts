import type { InstrumentRow } from "@candlewick/core";
import { listing } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import { FAR, makeListings, NEAR } from "./testing/market.ts";
import { DAY, defaults, FETCHED, HOUR, india, NOW, onTestClock, setting } from "./testing/setting.ts";

const { equity, future, index, option } = makeListings();

const INFY = equity("INFY");
const TCS = equity("TCS");
const INFY_FUT = future("INFY");
const TCS_FUT = future("TCS");
const market: ReadonlyArray<InstrumentRow> = [
  INFY,
  TCS,
  equity("TCS", "N1"),
  index("NIFTY"),
  INFY_FUT,
  TCS_FUT,
  future("INFY", FAR),
  future("NIFTY", NEAR, { segment: "NFO-FUTIDX" }),
  ...["1400", "1420", "1460", "1480"].flatMap((strike) => [
    option("INFY", strike, "CE"),
    option("INFY", strike, "PE"),
  ]),
  option("TCS", "3000", "PE"),
  option("INFY", "1400", "CE", FAR),
  option("NIFTY", "26000", "CE", NEAR, { segment: "NFO-OPTIDX" }),
];

describe("tokens", () => {
  it("stores stock futures of the current expiry with their equities and options, each referring to the others", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      const { counts, failures, headline, notes, outcome } = yield* at.run();
      expect([outcome, headline]).toEqual([
        "done",
        `2 of 2 stock futures of ${NEAR} mapped to 2 equities, with 9 options`,
      ]);
      expect(counts).toMatchObject({
        futures: 2,
        equities: 2,
        options: 9,
        unmapped: 0,
        leftOut: 1,
        others: 1,
      });
      expect(counts).toMatchObject({ inserted: 13, deleted: 0 });
      expect(failures).toEqual([]);
      expect(notes.join("\n")).toContain("INFY 1420-1460");
      const common = { lot_size: 1, tick_size: "0.05", dump_fetched_at: FETCHED, updated_at: NOW };
      const none = { expiry: null, strike: null, option_type: null, equity_id: null, futures_id: null };
      expect(at.rows("EQUITY")[0]).toEqual({
        ...none,
        ...common,
        instrument_id: INFY.instrument_id,
        token: INFY.instrument_token,
        exchange: "NSE",
        tradingsymbol: "INFY-EQ",
        name: "INFY",
        token_type: "EQUITY",
        futures_id: INFY_FUT.instrument_id,
      });
      expect(at.rows("FUTURES")[0]).toEqual({
        ...none,
        ...common,
        instrument_id: INFY_FUT.instrument_id,
        token: INFY_FUT.instrument_token,
        exchange: "NFO",
        tradingsymbol: "INFY26NOVFUT",
        name: "INFY",
        token_type: "FUTURES",
        expiry: NEAR,
        equity_id: INFY.instrument_id,
      });
      expect(at.rows("OPTIONS")[0]).toMatchObject({
        tradingsymbol: "INFY26NOV1400CE",
        name: "INFY",
        strike: "1400",
        option_type: "CE",
        equity_id: INFY.instrument_id,
        futures_id: INFY_FUT.instrument_id,
      });
      expect(at.sink.rows(at.tables.strikes)).toMatchObject([
        {
          name: "INFY",
          strikes: 4,
          lowest: "1400",
          highest: "1480",
          step: "20",
          calls: 4,
          puts: 4,
          irregular_steps: 1,
          gaps: 1,
        },
        { name: "TCS", strikes: 1, step: null, calls: 0, puts: 1, lone_calls: 0, lone_puts: 1 },
      ]);
      expect(at.requests).toEqual([]);
    })));

  it("keeps tokens that are not numbers as text", () =>
    onTestClock(Effect.gen(function* () {
      const text = market.map((row) => ({ ...row, instrument_token: `T${row.instrument_token}` }));
      const at = yield* setting(text, { info: { tokenType: "text" } });
      yield* at.run();
      expect(at.rows("EQUITY")[0]!.token).toBe(`T${INFY.instrument_token}`);
    })));

  it("takes the expiry that is asked for, and names those there are when there is none", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      expect((yield* at.run({ expiry: FAR })).counts).toMatchObject({ futures: 1, options: 1, leftOut: 2 });
      const error = yield* Effect.flip(at.run({ expiry: "2026-11-25" }));
      expect(error.message).toContain(`futures on stocks expire on ${NEAR}, ${FAR}`);
      expect(at.rows("FUTURES").map(({ expiry }) => expiry)).toEqual([FAR]);
    })));

  it("takes an expiry on its own day, in the market's zone, and the next one from midnight on", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market, { now: india(NEAR, "23:59") });
      yield* at.run();
      expect(at.rows("FUTURES").map(({ expiry }) => expiry)).toEqual([NEAR, NEAR]);
      yield* TestClock.adjust("1 minute");
      yield* at.run();
      expect(at.rows("FUTURES").map(({ expiry }) => expiry)).toEqual([FAR]);
    })));

  it("says which futures are not mapped and why, keeps them with the rejected records, and stores the others", () =>
    onTestClock(Effect.gen(function* () {
      const lost = future("LOST");
      const at = yield* setting([...market, lost, option("LOST", "10", "CE"), option("INFY", "-1", "CE")]);
      const { counts, failures, notes, outcome, tables } = yield* at.run();
      expect(outcome).toBe("partial");
      expect(counts).toMatchObject({ futures: 2, unmapped: 1, optionsUnmapped: 1, rejected: 1 });
      expect(failures).toEqual([
        { unit: "NFO:LOST26NOVFUT", reason: "Missing", message: "no equity of NSE bears its name" },
      ]);
      expect(tables.at(-1)!.rows).toEqual([["NFO:LOST26NOVFUT", "no equity of NSE bears its name"]]);
      expect(notes.join("\n")).toContain("LOST (1)");
      expect(at.sink.rows(at.tables.rejected).map(({ reason }) => reason).sort()).toEqual([
        "strike is not above 0",
        "unmapped: no equity of NSE bears its name",
      ]);
      // What is put right is no longer among them.
      yield* at.fetch([...market, lost, equity("LOST")], NOW);
      expect((yield* at.run()).outcome).toBe("done");
      expect(at.sink.rows(at.tables.rejected)).toEqual([]);
    })));

  it("fails and leaves the old tokens when no future can be mapped", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      const before = at.sink.contents();
      yield* at.fetch([future("LOST")], NOW);
      const { failures, headline, outcome } = yield* at.run();
      expect([outcome, failures.length]).toEqual(["failed", 1]);
      expect(headline).toContain("nothing was stored");
      expect(at.rows()).toEqual(before[at.tables.tokens.name]);
    })));

  it("replaces the whole table: what is gone from the master is gone from it", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      yield* at.fetch(
        market.filter((row) => row !== TCS_FUT).map((row) => row === TCS ? { ...row, delisted_at: 1 } : row),
        NOW,
      );
      const { counts } = yield* at.run();
      expect(counts).toMatchObject({ futures: 1, equities: 1, options: 8, deleted: 3, optionsUnmapped: 1 });
      expect(new Set(at.rows().map(({ name }) => name))).toEqual(new Set(["INFY"]));
    })));

  it("stores nothing of a table that is not whole, and names the rows", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      yield* at.fetch(
        market.map((row) => row === TCS_FUT ? { ...row, instrument_token: INFY_FUT.instrument_token } : row),
        NOW,
      );
      const before = at.sink.contents();
      const error = yield* Effect.flip(at.run());
      expect(error.reason._tag).toBe("Invalid");
      expect(error.message).toContain("FUTURES NFO:TCS26NOVFUT and FUTURES NFO:INFY26NOVFUT share the token");
      expect(at.sink.contents()).toEqual(before);
    })));

  it("refuses exchanges that the vendor does not list, before any dump is fetched for them", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      expect(yield* at.prerequisites({ exchange: "NYSE" })).toEqual([]);
      const error = yield* Effect.flip(at.run({ exchange: "NYSE" }));
      expect(error.message).toContain("does not list NYSE; it lists NSE, BSE, NFO");
      expect((yield* at.plan({ exchange: "NYSE" })).headline).toContain("does not list NYSE");
    })));

  it("says that nothing can be known where no listing of the cash exchange is there", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([future("TCS", NEAR, { segment: "NFO-FUT" })]);
      const error = yield* Effect.flip(at.run());
      expect(error.message).toContain("none of the 1 futures of NFO is known to be on a stock");
    })));
});

describe("today's tokens", () => {
  it("are not derived again: nothing runs first, nothing is asked for, nothing is written", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      const written = at.sink.written();
      yield* TestClock.adjust(6 * HOUR);
      expect(yield* at.prerequisites()).toEqual([]);
      const { counts, headline, outcome } = yield* at.run();
      expect([outcome, headline]).toEqual([
        "nothing",
        "Nothing to do: the tokens of the instrument master fetched 2026-11-20 09:05 are stored; --force renews them",
      ]);
      expect(counts).toEqual({ futures: 2, equities: 2, options: 9, unmapped: 0 });
      expect((yield* at.plan()).headline).toBe(headline);
      expect([at.sink.written(), at.requests]).toEqual([written, []]);
    })));

  it("are no longer today's when the vendor's next dump is ready; then instruments runs first", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      yield* TestClock.setTime(india("2026-11-21", "08:29"));
      expect(yield* at.prerequisites()).toEqual([]);
      expect((yield* at.run()).outcome).toBe("nothing");
      yield* TestClock.setTime(india("2026-11-21", "08:30"));
      expect(yield* at.prerequisites()).toEqual(["instruments"]);
      expect((yield* at.plan()).headline).toContain("Would derive");
      yield* at.fetch(market, NOW + DAY);
      expect((yield* at.run()).counts).toMatchObject({ futures: 2, inserted: 0, updated: 13 });
      expect(new Set(at.rows().map((row) => row.dump_fetched_at))).toEqual(new Set([NOW + DAY]));
      expect(yield* at.prerequisites()).toEqual([]);
    })));

  it("need both dumps: instruments runs first when that of the equities is older, or absent", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.sink.upsert(at.tables.dumps, [{
        exchange: "NSE",
        fetched_at: FETCHED - DAY,
        listings: 1,
        complete: true,
      }]);
      expect(yield* at.prerequisites()).toEqual(["instruments"]);
      expect(yield* at.prerequisites({ cashExchange: "BSE" })).toEqual(["instruments"]);
      const error = yield* Effect.flip(at.run({ cashExchange: "BSE" }));
      expect(error.message).toContain("the store holds no instrument dump of BSE");
    })));

  it("are derived anew for other exchanges or another expiry", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      expect((yield* at.run({ expiry: NEAR })).outcome).toBe("nothing");
      expect((yield* at.run({ expiry: FAR })).outcome).toBe("done");
      expect((yield* at.run({ expiry: FAR })).outcome).toBe("nothing");
      expect((yield* at.run()).outcome).toBe("done");
    })));

  it("are fetched and derived again with --force, which says when the dump stayed the old one", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.run();
      expect(yield* at.prerequisites({ force: true })).toEqual(["instruments"]);
      const { notes, outcome } = yield* at.run({ force: true });
      expect(outcome).toBe("done");
      expect(notes[0]).toContain(
        "Derived again from the dump that was there already, fetched 2026-11-20 09:05",
      );
      yield* at.fetch(market, NOW + HOUR);
      expect((yield* at.run({ force: true })).notes.join()).not.toContain("Derived again");
    })));

  it("cannot be had from an old master: the run says so", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* TestClock.adjust(2 * DAY);
      const { notes } = yield* at.run();
      expect(notes[0]).toContain("is not of the vendor's latest dump: it was fetched 2026-11-20 09:05");
      expect(at.events.filter(({ _tag }) => _tag === "Warning")).toMatchObject([{ message: notes[0] }]);
      expect((yield* at.run()).notes).toEqual([notes[0]]);
    })));

  it("may hold what is gone, when the dump was too small to tell", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(market);
      yield* at.sink.upsert(at.tables.dumps, [{
        exchange: "NFO",
        fetched_at: FETCHED,
        listings: 1,
        complete: false,
      }]);
      expect((yield* at.run()).notes.at(-1)).toContain("so small that nothing of it was marked as delisted");
    })));
});

it("tells all it found in its details", () =>
  onTestClock(Effect.gen(function* () {
    const odd = listing(900, "ODD", { name: "TTMT", tick_size: "0.05" });
    const at = yield* setting([
      ...market,
      odd,
      future("TTMT"),
      future("LOST"),
      future("WHAT", NEAR, { segment: "NFO-FUT" }),
      future("011NSETEST", "2036-11-27"),
      option("WHAT", "5", "CE", NEAR, { segment: "NFO-OPT" }),
    ]);
    const { details = [] } = yield* at.run(defaults);
    const kinds = Map.groupBy(details as ReadonlyArray<{ readonly kind: string }>, ({ kind }) => kind);
    expect([...kinds].map(([kind, all]) => [kind, all.length])).toEqual([
      ["strikes of all", 1],
      ["strikes", 2],
      ["noted", 1],
      ["unmapped", 1],
      ["undecided", 1],
      ["options undecided", 1],
      ["left out", 1],
    ]);
    expect(details.at(-1)).toEqual({ kind: "left out", byExpiry: { [FAR]: 1 }, tests: 1, others: 1 });
    expect(details).toContainEqual(expect.objectContaining({ kind: "noted", equity: "NSE:ODD" }));
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
  })));
