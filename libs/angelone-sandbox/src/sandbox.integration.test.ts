import { ist } from "@candlewick/pretend-exchange/testing";
import { inventedMarket, SEGMENT_CODE } from "@candlewick/pretend-exchange";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import type { Sandbox } from "./sandbox.ts";
import { ask, askCandles, CANDLES, LOGIN, MASTER, master, PROFILE, rowsOf, started } from "./test-client.ts";

const TOKEN = "8";
const NOVEMBER = { fromdate: "2026-11-02 09:15", todate: "2026-11-13 15:30" };
const candles = (interval = "ONE_DAY", more = {}) => ({
  exchange: "NSE",
  symboltoken: TOKEN,
  interval,
  ...NOVEMBER,
  ...more,
});

describe("candles", () => {
  it.effect("come in the vendor's envelope, stamped with their start", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const seen = yield* askCandles(sandbox, candles("FIFTEEN_MINUTE"));
      expect([seen.status, seen.headers.get("content-type")]).toEqual([200, "application/json"]);
      const { data, ...envelope } = JSON.parse(seen.text);
      expect(envelope).toEqual({ status: true, message: "SUCCESS", errorcode: "" });
      expect(data[0][0]).toBe("2026-11-02T09:15:00+05:30");
      for (const row of data) expect(row).toHaveLength(6);
    }));

  it.effect("are those that the one exchange tells another vendor's clients, without open interest", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const market = inventedMarket(1, { head: "[", tail: "]", offset: "+0530" });
      const now = Math.floor(ist("2026-11-20") / 1000) + 19_800;
      const from = Date.parse("2026-11-02T09:15:00Z") / 1000;
      const to = Date.parse("2026-11-13T15:30:00Z") / 1000;
      const rows = yield* master(sandbox);
      const symbolled = (exchange: string, type: string) =>
        rows.find((row) =>
          row.exch_seg === exchange && row.instrumenttype === type && !/TEST/.test(row.symbol)
        )!;
      const chosen = [
        [rows.find(({ symbol }) => symbol === "EMBERBANK-EQ")!, SEGMENT_CODE.NSE],
        [symbolled("NFO", "FUTSTK"), SEGMENT_CODE.NFO],
        [symbolled("NFO", "OPTIDX"), SEGMENT_CODE.NFO],
        [symbolled("CDS", "FUTCUR"), SEGMENT_CODE.CDS],
        [symbolled("MCX", "FUTCOM"), SEGMENT_CODE.MCX],
      ] as const;
      for (const [scrip, segment] of chosen) {
        for (
          const [name, interval] of [["ONE_MINUTE", "minute"], ["ONE_HOUR", "60minute"], [
            "ONE_DAY",
            "day",
          ]] as const
        ) {
          const seen = rowsOf(
            yield* askCandles(
              sandbox,
              candles(name, { exchange: scrip.exch_seg, symboltoken: scrip.token }),
            ),
          );
          const instrumentToken = Number(scrip.token) * 256 + segment;
          const told = market.candles(
            { instrumentToken, interval, from, to, continuous: false, oi: false },
            now,
          );
          const truth = JSON.parse(new TextDecoder().decode(told as Uint8Array));
          expect(seen.length, scrip.symbol).toBeGreaterThan(0);
          expect(seen.map(([stamp, ...values]) => [stamp.replace("+05:30", "+0530"), ...values])).toEqual(
            truth,
          );
        }
      }
    }));

  it.effect("start within the bounds, both of which are inclusive", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const stamps = Effect.map(
        askCandles(
          sandbox,
          candles("ONE_MINUTE", { fromdate: "2026-11-13 09:16", todate: "2026-11-13 09:18" }),
        ),
        (seen) => rowsOf(seen).map(([stamp]) => stamp.slice(11, 16)),
      );
      expect(yield* stamps).toEqual(["09:16", "09:17", "09:18"]);
    }));

  it.effect("where there are none are null for some requests and an empty list for others", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const told = new Set<string>();
      for (const fromdate of ["2026-11-14 09:15", "2026-11-14 09:16"]) {
        const { text } = yield* askCandles(
          sandbox,
          candles("ONE_MINUTE", { fromdate, todate: "2026-11-15 15:30" }),
        );
        told.add(JSON.stringify(JSON.parse(text).data));
      }
      expect(told).toEqual(new Set(["null", "[]"]));
    }));

  it.effect("of test contracts and of tokens that are no numbers are none", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      for (
        const [exchange, symboltoken] of [["NSE", "14747"], ["NFO", "36687"], ["NCDEX", "WICKSEED20NOV2036"]]
      ) {
        const seen = yield* askCandles(sandbox, candles("ONE_DAY", { exchange, symboltoken }));
        expect([seen.error, rowsOf(seen)]).toEqual(["", []]);
      }
    }));

  it.effect("of what is not listed, or asked for wrongly, are refused with 200", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const errorOf = (more: object) =>
        Effect.map(askCandles(sandbox, candles("ONE_DAY", more)), ({ status, error }) => {
          expect(status).toBe(200);
          return error;
        });
      expect(yield* errorOf({ symboltoken: "123456789" })).toBe("AB1009: Symbol Not Found");
      expect(yield* errorOf({ exchange: "BSE" })).toBe("AB1009: Symbol Not Found");
      expect(yield* errorOf({ interval: "TWO_MINUTE" })).toBe("AB1004: Invalid interval");
      expect(yield* errorOf({ interval: "toString" })).toBe("AB1004: Invalid interval");
      expect(yield* errorOf({ fromdate: "2026-11-02" })).toBe("AB1004: Invalid fromdate");
      expect(yield* errorOf({ todate: "2026-11-31 09:15" })).toBe("AB1004: Invalid todate");
      expect(yield* errorOf({ todate: "2026-11-01 09:15" })).toBe("AB1004: fromdate is after todate");
      expect(yield* errorOf({ fromdate: "2020-01-01 09:15" })).toBe("AB1004: Range exceeds 2000 days");
    }));
});

describe("paths", () => {
  it.effect("that the vendor does not have, and methods it does not take, are refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      expect((yield* ask(sandbox, "/instruments", { method: "GET" })).status).toBe(404);
      expect((yield* ask(sandbox, "/toString", { method: "GET" })).status).toBe(404);
      expect((yield* ask(sandbox, CANDLES, { method: "GET" })).status).toBe(405);
      expect((yield* ask(sandbox, MASTER)).status).toBe(405);
    }));

  it.effect("the scrip master needs no login, and is compressed for those who take it so", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const bare = yield* Effect.promise(() =>
        fetch(sandbox.url + MASTER, { headers: { "accept-encoding": "identity" } })
      );
      expect([bare.status, bare.headers.get("content-encoding")]).toEqual([200, null]);
      const text = yield* Effect.promise(() => bare.text());
      const seen = yield* ask(sandbox, MASTER, { method: "GET" });
      expect(seen.text).toBe(text);
      expect(seen.text.startsWith('[{"token": "')).toBe(true);
    }));
});

/** How many of so many requests, one after the other on a clock that stands still, are within the limits. */
const admitted = (sandbox: Sandbox, path: string, count: number, body?: unknown) =>
  Effect.map(
    Effect.replicateEffect(ask(sandbox, path, body === undefined ? {} : { body }), count),
    (seen) => seen.filter(({ status }) => status === 200).length,
  );

describe("limits", () => {
  it.effect("candles come three a second; what breaks that is told in plain text with 403", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const seen = yield* Effect.replicateEffect(askCandles(sandbox, candles()), 4);
      expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 403]);
      expect(seen[3]?.text).toBe("Access denied because of exceeding access rate");
      expect(seen[3]?.headers.get("content-type")).toBe("text/plain");
      yield* TestClock.adjust("1 second");
      expect((yield* askCandles(sandbox, candles())).status).toBe(200);
      expect(sandbox.stats().violations).toBe(1);
    }));

  it.effect("and 180 a minute", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const body = candles("ONE_DAY", { todate: "2026-11-03 09:15" });
      for (let second = 0; second < 60; second++) {
        expect(yield* admitted(sandbox, CANDLES, 3, body)).toBe(3);
        yield* TestClock.adjust("990 millis");
        yield* TestClock.adjust(second === 59 ? "0 millis" : "10 millis");
      }
      expect(yield* admitted(sandbox, CANDLES, 1, body)).toBe(0);
    }));

  it.effect("logins one and profiles three a second, the scrip master without end", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      expect(yield* admitted(sandbox, LOGIN, 3, {})).toBe(1);
      expect(yield* admitted(sandbox, PROFILE, 5)).toBe(3);
      const seen = yield* Effect.replicateEffect(ask(sandbox, MASTER, { method: "GET" }), 6);
      expect(seen.every(({ status }) => status === 200)).toBe(true);
    }));
});

it.effect("the first selection is listed, all of it equities", () =>
  Effect.gen(function* () {
    const sandbox = yield* started();
    const listed = new Set((yield* master(sandbox)).map(({ exch_seg, symbol }) => `${exch_seg}:${symbol}`));
    expect(sandbox.selection).toHaveLength(24);
    expect(sandbox.selection.filter((symbol) => !listed.has(symbol))).toEqual([]);
    expect(sandbox.selection.every((symbol) => /^NSE:.+-EQ$/.test(symbol))).toBe(true);
  }));
