import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync, gzipSync } from "node:zlib";
import { makeSandbox } from "../sandbox.ts";
import { ask, askCandles, MASTER, master, rowsOf, started } from "../test-client.ts";

const SCRIP =
  '[{"token": "7", "symbol": "ONE-EQ", "name": "ONE", "expiry": "", "strike": "-1.000000", "lotsize": "1", "instrumenttype": "", "exch_seg": "NSE", "tick_size": "5.000000"}, ' +
  '{"token": "8", "symbol": "TWO-EQ", "name": "TWO", "expiry": "", "strike": "-1.000000", "lotsize": "1", "instrumenttype": "", "exch_seg": "NSE", "tick_size": "5.000000"}]';

const RECORDED = `{"status":"success","data":{"candles":[
  ["2024-02-01T09:15:00+0530",100.50,101,99,100,1200,7],
  ["2024-02-01T09:16:00+0530", 100, 101.05, 99, 100.10, 900]]}}`;

/** A folder with a scrip master and the recorded minutes of one of its two equities, while the test runs. */
const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const made = mkdtempSync(join(tmpdir(), "angelone-replay-"));
    mkdirSync(join(made, "candles/257"), { recursive: true });
    writeFileSync(join(made, "candles/index.csv"), "instrument_token,exchange,tradingsymbol\n257,NSE,ONE\n");
    writeFileSync(join(made, "candles/257/minute.json"), RECORDED);
    writeFileSync(join(made, "master.json"), SCRIP);
    writeFileSync(join(made, "master.json.gz"), gzipSync(SCRIP));
    return made;
  }),
  (made) => Effect.sync(() => rmSync(made, { recursive: true })),
);

const day = {
  exchange: "NSE",
  interval: "ONE_MINUTE",
  fromdate: "2024-02-01 09:15",
  todate: "2024-02-01 15:30",
};

describe("a replay", () => {
  it.effect("serves the scrip master byte for byte, compressed or not", () =>
    Effect.gen(function* () {
      const made = yield* folder;
      for (const name of ["master.json", "master.json.gz"]) {
        const sandbox = yield* started({ mode: { kind: "replay", master: join(made, name) } });
        expect((yield* ask(sandbox, MASTER, { method: "GET" })).text).toBe(SCRIP);
        const bare = yield* Effect.promise(() =>
          fetch(sandbox.url + MASTER, { headers: { "accept-encoding": "identity" } }).then((got) =>
            got.text()
          )
        );
        expect(bare).toBe(SCRIP);
        expect(sandbox.selection).toEqual([]);
      }
    }));

  it.effect("finds recorded series by symbol, keeps their digits, and writes them as the vendor does", () =>
    Effect.gen(function* () {
      const made = yield* folder;
      const mode = {
        kind: "replay",
        master: join(made, "master.json"),
        candles: join(made, "candles"),
      } as const;
      const sandbox = yield* started({ mode, limits: "off" });
      expect(sandbox.selection).toEqual(["NSE:ONE-EQ"]);
      const seen = yield* askCandles(sandbox, { ...day, symboltoken: "7" });
      expect(seen.text).toBe(
        '{"status":true,"message":"SUCCESS","errorcode":"","data":[["2024-02-01T09:15:00+05:30",100.50,101,99,100,1200],' +
          '["2024-02-01T09:16:00+05:30", 100, 101.05, 99, 100.10, 900]]}',
      );
      const later = yield* askCandles(sandbox, { ...day, symboltoken: "7", fromdate: "2024-02-01 09:16" });
      expect(rowsOf(later)).toHaveLength(1);
      const unrecorded = yield* askCandles(sandbox, { ...day, symboltoken: "8" });
      expect([unrecorded.error, rowsOf(unrecorded)]).toEqual(["", []]);
      expect((yield* askCandles(sandbox, { ...day, symboltoken: "9" })).error).toBe(
        "AB1009: Symbol Not Found",
      );
      sandbox.setFaults({ rules: [{ fault: "missing-day", day: "2024-02-01", symbol: "NSE:ONE-EQ" }] });
      expect(rowsOf(yield* askCandles(sandbox, { ...day, symboltoken: "7" }))).toEqual([]);
    }));

  it.effect("does not start without its scrip master, or on a file that is none", () =>
    Effect.gen(function* () {
      const made = yield* folder;
      const failure = (file: string) =>
        Effect.map(
          Effect.flip(makeSandbox({ mode: { kind: "replay", master: file } })),
          ({ message }) => message,
        );
      expect(yield* failure("/nowhere/at/all")).toBe("cannot read the scrip master /nowhere/at/all");
      writeFileSync(join(made, "other.json"), '{"rows":[]}');
      expect(yield* failure(join(made, "other.json"))).toContain("is not a scrip master");
      writeFileSync(join(made, "other.json.gz"), "[]");
      expect(yield* failure(join(made, "other.json.gz"))).toContain("is not gzip");
    }));
});

const recordings = join(
  process.env["CANDLEWICK_SHARED"] ?? join(import.meta.dirname ?? ".", "../../../../../shared"),
  "recordings",
);

describe.skipIf(!existsSync(recordings))("replay of recordings (needs ../shared/recordings)", () => {
  it.effect("serves a whole scrip master and the candles of 24 equities", () =>
    Effect.gen(function* () {
      const file = join(recordings, "angelone/OpenAPIScripMaster.json.gz");
      const sandbox = yield* started({
        limits: "off",
        mode: { kind: "replay", master: file, candles: join(recordings, "kite/historical") },
      });
      const { text } = yield* ask(sandbox, MASTER, { method: "GET" });
      expect(text === gunzipSync(readFileSync(file)).toString("utf8")).toBe(true);
      expect(sandbox.selection).toHaveLength(24);
      const scrips = yield* master(sandbox);
      for (const symbol of sandbox.selection) {
        const scrip = scrips.find((row) => `${row.exch_seg}:${row.symbol}` === symbol);
        const seen = yield* askCandles(sandbox, {
          exchange: "NSE",
          symboltoken: scrip?.token ?? "",
          interval: "ONE_DAY",
          fromdate: "2020-08-03 00:00",
          todate: "2026-01-09 00:00",
        });
        expect(rowsOf(seen).length).toBeGreaterThan(1300);
      }
    }));
});
