import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { KiteConnect } from "kiteconnect";
import { makeSandbox } from "./sandbox.ts";

describe("the official client", () => {
  it.effect("logs in, reads its profile, instruments and candles, and logs out", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-11-20T12:00:00+05:30"));
      const sandbox = yield* makeSandbox({ limits: "off" });
      const kite = new KiteConnect({ api_key: sandbox.apiKey, root: sandbox.url });
      const session = yield* Effect.promise(() =>
        kite.generateSession(sandbox.issueRequestToken(), sandbox.apiSecret)
      );
      expect(session).toMatchObject({ api_key: sandbox.apiKey, user_type: "individual" });
      expect(session.access_token).toMatch(/^[0-9a-f]{32}$/);
      expect(yield* Effect.promise(() => kite.getProfile())).toMatchObject({
        broker: "ZERODHA",
        user_id: "CW0001",
      });

      const all = yield* Effect.promise(() => kite.getInstruments());
      const contracts = yield* Effect.promise(() => kite.getInstruments("NFO"));
      const equity = all.find(({ tradingsymbol, exchange }) =>
        tradingsymbol === "TAR&TALLOW" && exchange === "NSE"
      );
      const future = contracts.find(({ instrument_type }) => instrument_type === "FUT");
      expect(all.length).toBeGreaterThan(3000);
      // The client makes one row too many of the final newline.
      expect(contracts.filter(({ exchange }) => exchange === "NFO")).toHaveLength(contracts.length - 1);
      expect(equity).toMatchObject({
        name: "TAR AND TALLOW",
        tick_size: 0.05,
        lot_size: 1,
        strike: 0,
        expiry: "",
      });
      expect(future?.expiry).toBeInstanceOf(Date);

      const days = yield* Effect.promise(() =>
        kite.getHistoricalData(equity?.instrument_token ?? 0, "day", "2026-11-02 00:00:00", "2026-11-06")
      );
      const midnights = days.map(({ date }) => new Date(date).toISOString());
      expect(midnights).toEqual([1, 2, 3, 4, 5].map((date) => `2026-11-0${date}T18:30:00.000Z`));
      const hours = yield* Effect.promise(() =>
        kite.getHistoricalData(
          future?.instrument_token ?? 0,
          "60minute",
          new Date("2026-11-19T00:00:00"),
          new Date("2026-11-19T23:59:00"),
          false,
          true,
        )
      );
      expect(hours).toHaveLength(7);
      expect(hours.every(({ oi }) => (oi ?? 0) > 0)).toBe(true);

      yield* Effect.promise(() => kite.invalidateAccessToken());
      const refused = yield* Effect.promise(() =>
        kite.getProfile().then(() => undefined, (error: unknown) => error)
      );
      expect(refused).toMatchObject({ error_type: "TokenException" });
    }));

  it.effect("is refused what the vendor refuses", () =>
    Effect.gen(function* () {
      const sandbox = yield* makeSandbox({ limits: "off" });
      const kite = new KiteConnect({
        api_key: sandbox.apiKey,
        access_token: sandbox.accessToken,
        root: sandbox.url,
      });
      const errorOf = (call: () => Promise<unknown>) =>
        Effect.promise(() => call().then(() => undefined, (error: unknown) => error));
      expect(yield* errorOf(() => kite.getHistoricalData(1, "day", "2015-01-01", "2026-01-01")))
        .toMatchObject({
          error_type: "InputException",
          message: "interval exceeds max limit: 2000 days",
        });
      expect(yield* errorOf(() => kite.generateSession("never issued", sandbox.apiSecret))).toMatchObject({
        error_type: "TokenException",
      });
      sandbox.killToken();
      expect(yield* errorOf(() => kite.getInstruments())).toMatchObject({ error_type: "TokenException" });
    }));
});
