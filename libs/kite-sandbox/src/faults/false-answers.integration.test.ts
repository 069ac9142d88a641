import type { FaultRule, FaultScript } from "@candlewick/pretend-exchange";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { gunzipSync } from "node:zlib";
import type { Sandbox } from "../sandbox.ts";
import { ask, rowsOf, started } from "../test-client.ts";
import { textOf, wire } from "../test-raw-client.ts";

const TOKEN = 2049;
const SYMBOL = "NSE:EMBERBANK";

const candles = (more = "", interval = "day", token = TOKEN) =>
  `/instruments/historical/${token}/${interval}?from=2026-11-02+09:15:00&to=2026-11-13+15:30:00${more}`;

/** The same request before and after a script begins, as rows. */
const both = Effect.fnUntraced(function* (script: FaultScript, path = candles()) {
  const sandbox = yield* started({ limits: "off" });
  const due = yield* wire(sandbox, path);
  sandbox.setFaults(script);
  const seen = yield* wire(sandbox, path);
  expect([seen.status, seen.headers["content-type"], seen.isWhole]).toEqual([200, "application/json", true]);
  const rows = (text: string): ReadonlyArray<ReadonlyArray<number | string>> => JSON.parse(text).data.candles;
  return {
    sandbox,
    dueText: textOf(due),
    seenText: textOf(seen),
    due: rows(textOf(due)),
    seen: rows(textOf(seen)),
  };
});

const rules = (...rules: ReadonlyArray<FaultRule>): FaultScript => ({ rules });

const healthy = (sandbox: Sandbox, path: string) => {
  sandbox.setFaults(undefined);
  return Effect.map(ask(sandbox, path), rowsOf);
};

describe("a false answer", () => {
  it.effect("may be another instrument's candles of the same range", () =>
    Effect.gen(function* () {
      const { due, seen, sandbox } = yield* both(rules({ fault: "wrong-instrument" }));
      expect(seen.map(([stamp]) => stamp)).toEqual(due.map(([stamp]) => stamp));
      expect(seen).not.toEqual(due);
      expect(sandbox.log().at(-1)?.fault).toBe("wrong-instrument");
      const lines = (yield* ask(sandbox, "/instruments/NSE")).text.split("\n").slice(1);
      const at = lines.findIndex((line) => line.startsWith(`${TOKEN},`));
      const next = Number(lines[at + 1]?.split(",")[0]);
      expect(yield* healthy(sandbox, candles("", "day", next))).toEqual(seen);
    }));

  it.effect("may hold candles of the days before and after the range, true ones, in order", () =>
    Effect.gen(function* () {
      for (const interval of ["day", "60minute"]) {
        const path = candles("", interval);
        const { due, seen, sandbox } = yield* both(rules({ fault: "out-of-range" }), path);
        const stamps = seen.map(([stamp]) => String(stamp));
        expect(stamps).toEqual(stamps.toSorted());
        expect(stamps.at(0)! < "2026-11-01T23").toBe(true);
        expect(stamps.at(-1)! > "2026-11-14").toBe(true);
        const inside = seen.filter(([stamp]) =>
          String(stamp) >= "2026-11-02" && String(stamp) < "2026-11-14"
        );
        expect(inside).toEqual(due);
        const wide = path.replace("2026-11-02", "2026-10-20").replace("2026-11-13", "2026-11-20");
        const truth = new Set((yield* healthy(sandbox, wide)).map((row) => row.join()));
        expect(seen.filter((row) => !truth.has(row.join()))).toEqual([]);
      }
      const before = yield* both(rules({ fault: "out-of-range", side: "before" }));
      expect(before.seen.at(-1)).toEqual(before.due.at(-1));
      expect(before.seen.length).toBeGreaterThan(before.due.length);
    }));

  it.effect("may be out of order, or hold a candle twice", () =>
    Effect.gen(function* () {
      const order = yield* both(rules({ fault: "out-of-order" }));
      expect(order.seen).not.toEqual(order.due);
      expect(order.seen.toSorted()).toEqual(order.due.toSorted());
      expect(order.seenText.length).toBe(order.dueText.length);
      const twice = yield* both(rules({ fault: "duplicated" }));
      expect(twice.seen.length).toBe(twice.due.length + 1);
      expect(twice.seen.filter((row, i) => i === 0 || row[0] !== twice.seen[i - 1]?.[0])).toEqual(twice.due);
    }));

  it.effect("may be empty where there are candles, for the instrument that was named", () =>
    Effect.gen(function* () {
      const { seenText, sandbox } = yield* both(rules({ fault: "empty", symbol: SYMBOL }));
      expect(seenText).toBe('{"status":"success","data":{"candles":[]}}');
      const other = (yield* ask(sandbox, "/instruments/NSE")).text.split("\n").slice(1)
        .find((line) => line.includes(",GLIM-AUTO,"))?.split(",")[0];
      expect(rowsOf(yield* ask(sandbox, candles("", "day", Number(other)))).length).toBeGreaterThan(5);
    }));

  it.effect("is the truth, and no fault, where there is nothing to falsify", () =>
    Effect.gen(function* () {
      const weekend = `/instruments/historical/${TOKEN}/day?from=2026-10-31&to=2026-11-01`;
      for (const fault of ["out-of-order", "duplicated", "empty", "wrong-instrument"] as const) {
        const { seenText, dueText, sandbox } = yield* both(rules({ fault }), weekend);
        expect(seenText).toBe(dueText);
        expect([sandbox.stats().faults, sandbox.log().at(-1)?.fault]).toEqual([0, undefined]);
        expect(sandbox.faults().rules).toEqual([{ matched: 1, due: 1, worked: 0 }]);
        sandbox.killToken();
        expect((yield* ask(sandbox, candles())).status).toBe(403);
      }
    }));

  it.effect("may be a dump with a line that lacks its last field, gzipped or not", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const due = textOf(yield* wire(sandbox, "/instruments/BCD")).split("\n");
      sandbox.setFaults(rules({ fault: "short-row" }));
      const plain = yield* wire(sandbox, "/instruments/BCD");
      const gzipped = yield* wire(sandbox, "/instruments/BCD", { "accept-encoding": "gzip" });
      expect([plain.headers["content-type"], plain.isWhole]).toEqual(["text/csv", true]);
      expect([gzipped.headers["content-encoding"], gzipped.isWhole]).toEqual(["gzip", true]);
      expect(gunzipSync(gzipped.body).toString()).toBe(textOf(plain));
      const seen = textOf(plain).split("\n");
      const changed = seen.flatMap((line, i) => line === due[i] ? [] : [i]);
      expect(changed).toHaveLength(1);
      expect(`${seen[changed[0]!]},BCD`).toBe(due[changed[0]!]);
      expect(seen.length).toBe(due.length);
    }));
});

describe("a market event", () => {
  it.effect("rewrites history for everyone from its request on", () =>
    Effect.gen(function* () {
      const event = { fault: "split", symbol: SYMBOL, exDate: "2026-11-09", ratio: 2, nth: 2 } as const;
      const sandbox = yield* started({ limits: "off", faults: rules(event) });
      const daily = Effect.map(ask(sandbox, candles("&oi=1")), rowsOf);
      const before = yield* daily;
      const after = yield* daily;
      const isOld = ([stamp]: ReadonlyArray<string | number>) => String(stamp) < "2026-11-09";
      expect(after.filter((row) => !isOld(row))).toEqual(before.filter((row) => !isOld(row)));
      expect(after.filter(isOld)).toEqual(
        before.filter(isOld).map(([stamp, open, high, low, close, volume, oi]) => [
          stamp,
          ...[open, high, low, close].map((price) => Math.round(Number(price) / 2 * 100) / 100),
          Number(volume) * 2,
          oi,
        ]),
      );
      const hours = rowsOf(yield* ask(sandbox, candles("", "60minute")));
      const [first] = hours;
      expect(Number(first?.[1])).toBeCloseTo(Number(after[0]?.[1]), 2);
      sandbox.setFaults(undefined);
      expect(yield* daily).toEqual(before);
      expect(sandbox.stats().faults).toBe(0);
    }));

  it.effect("may correct one candle of one day", () =>
    Effect.gen(function* () {
      const { due, seen } = yield* both(
        rules({ fault: "correction", token: TOKEN, day: "2026-11-11", set: { close: 1.25, volume: 7 } }),
      );
      expect(seen).not.toEqual(due);
      expect(seen).toEqual(
        due.map((row) => String(row[0]).startsWith("2026-11-11") ? [...row.slice(0, 4), 1.25, 7] : row),
      );
      const hourly = yield* both(
        rules({ fault: "correction", token: TOKEN, day: "2026-11-11", time: "10:15", set: { high: 9999.5 } }),
        candles("", "60minute"),
      );
      const changed = hourly.seen.filter((row, i) => row.join() !== hourly.due[i]?.join());
      expect(changed.map(([stamp, , high]) => [stamp, high])).toEqual([["2026-11-11T10:15:00+0530", 9999.5]]);
    }));

  it.effect("may keep a day back until it heals", () =>
    Effect.gen(function* () {
      const { due, seen, sandbox } = yield* both(
        rules({ fault: "missing-day", day: "2026-11-11", interval: "60minute", times: 1 }),
        candles("", "60minute"),
      );
      expect(due.length - seen.length).toBe(7);
      expect(seen).toEqual(due.filter(([stamp]) => !String(stamp).startsWith("2026-11-11")));
      expect(rowsOf(yield* ask(sandbox, candles("", "60minute")))).toEqual(due);
    }));

  it.effect("holds in a false answer too", () =>
    Effect.gen(function* () {
      const split = { fault: "split", token: TOKEN, exDate: "2026-11-20", ratio: 4 } as const;
      const { due, seen } = yield* both(rules(split, { fault: "out-of-range", side: "before" }));
      const ratios = seen.slice(-due.length).map((row, i) => Number(due[i]?.[4]) / Number(row[4]));
      for (const ratio of ratios) expect(ratio).toBeCloseTo(4, 1);
      const closes = seen.map((row) => Number(row[4]));
      for (const [i, close] of closes.entries()) {
        if (i > 0) expect(close / (closes[i - 1] ?? close)).toBeCloseTo(1, 0);
      }
    }));
});
