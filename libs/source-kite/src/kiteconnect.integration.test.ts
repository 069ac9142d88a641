import {
  allInstruments,
  askFor,
  jsonReply,
  NEEDS_RECORDINGS,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { Decimal } from "@candlewick/core";
import { KiteConnect } from "kiteconnect";
import { describe, expect, it } from "vitest";
import { SECRETS, withKite } from "./testing/fixtures.ts";
import { recordings } from "./testing/recordings.ts";

/** The vendor's own client as second opinion on what is well formed. */
const official = (root: string) =>
  new KiteConnect({ api_key: "key0", access_token: SECRETS.accessToken, root });

/** kiteconnect makes a row of NaN of the final line end; no other text is added or taken away. */
const withoutFinalLineEnd = (csv: string): string => csv.replace(/\r?\n$/, "");

const dumps = [
  "instruments/2019-04-02.csv",
  "instruments/2019-10-25.csv",
  "instruments/2026-08-14.csv",
  "instruments/raw-format-rows.csv",
  "mocks/2017/instruments_nse.csv",
  "mocks/instruments_all.csv",
  "mocks/instruments_nse.csv",
];

const files = recordings.present ? recordings.candleFiles() : [];

describe.skipIf(!recordings.present)(`agreement with kiteconnect ${NEEDS_RECORDINGS}`, () => {
  it.each(dumps)("on the listings of %s", (file) => {
    const csv = recordings.text(file);
    const forWhom = (agent: string | undefined) =>
      agent?.startsWith("kiteconnectjs") === true ? withoutFinalLineEnd(csv) : csv;
    return withServer(({ headers }) => ({
      headers: { "content-type": "text/csv" },
      body: forWhom(headers["user-agent"]),
    }), async ({ root }) => {
      const theirs = await official(root).getInstruments();
      const ours = valueOf(await withKite(root, (kite) => allInstruments(kite))).instruments;
      expect(ours.map((row) => ({
        instrument_token: row.token,
        exchange_token: row.exchangeToken,
        tradingsymbol: row.tradingsymbol,
        name: row.name ?? "",
        expiry: row.expiry,
        strike: Number(row.strike),
        tick_size: Number(row.tickSize),
        lot_size: row.lotSize,
        instrument_type: row.instrumentType,
        segment: row.segment,
        exchange: row.exchange,
      }))).toEqual(theirs.map((row) => {
        const { last_price: _, expiry, ...rest } = row as typeof row & { expiry: Date | "" };
        return { ...rest, expiry: expiry === "" ? null : expiry.toISOString().slice(0, 10) };
      }));
    });
  });

  it.each(files)(
    "on the candles of %s",
    (file) =>
      withServer(() => jsonReply(recordings.text(file)), async ({ root }) => {
        const theirs = await official(root).getHistoricalData(
          1,
          "minute",
          "2000-01-01",
          "2030-01-01",
          false,
          true,
        );
        const ours = valueOf(
          await withKite(root, (kite) => kite.candles.candles(askFor("1", "minute"))),
        ).candles;
        expect(ours.map(({ ts, oi, ...rest }) => ({
          ...rest,
          date: new Date(ts),
          // It drops an open interest of zero.
          ...(oi === null || oi === 0 ? {} : { oi }),
        }))).toEqual(theirs.map((row) => ({
          ...row,
          open: Decimal.fromUnknown(row.open),
          high: Decimal.fromUnknown(row.high),
          low: Decimal.fromUnknown(row.low),
          close: Decimal.fromUnknown(row.close),
        })));
      }),
  );

  it("on the profile", () =>
    withServer(() => jsonReply(recordings.text("mocks/profile.json")), async ({ root, seen }) => {
      expect(await official(root).getProfile()).toMatchObject({ user_id: "AB1234" });
      valueOf(await withKite(root, (kite) => kite.session.authenticate));
      expect(seen[1]!.path).toBe(seen[0]!.path);
      for (const header of ["authorization", "x-kite-version"]) {
        expect(seen[1]!.headers[header]).toBe(seen[0]!.headers[header]);
      }
    }));

  it("on how to ask for candles", () =>
    withServer(() => jsonReply(recordings.text("mocks/historical_oi.json")), async ({ root, seen }) => {
      const from = Date.parse("2019-12-04T09:15:00+05:30");
      const to = Date.parse("2019-12-04T15:30:00+05:30");
      await official(root).getHistoricalData(
        12_517_890,
        "minute",
        "2019-12-04 09:15:00",
        "2019-12-04 15:29:59",
        true,
        true,
      );
      valueOf(
        await withKite(
          root,
          (kite) => kite.candles.candles(askFor("12517890", "minute", { from, to, continuous: true })),
        ),
      );
      expect(seen[1]!.path).toBe(seen[0]!.path);
      // Its query also repeats what stands in the path.
      const { instrument_token: _, interval: __, ...theirs } = Object.fromEntries(seen[0]!.query);
      expect(Object.fromEntries(seen[1]!.query)).toEqual(theirs);
    }));
});
