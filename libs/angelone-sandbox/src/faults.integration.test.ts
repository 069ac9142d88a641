import type { FaultRule } from "@candlewick/pretend-exchange";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import type { Sandbox } from "./sandbox.ts";
import {
  ask,
  askCandles,
  LOGIN,
  MASTER,
  master,
  PROFILE,
  rowsOf,
  type ScripRow,
  started,
} from "./test-client.ts";

const SYMBOL = "NSE:EMBERBANK-EQ";

/** A sandbox without limits and the row of an equity. */
const withEquity = Effect.gen(function* () {
  const sandbox = yield* started({ limits: "off" });
  const scrip = (yield* master(sandbox)).find(({ symbol }) => `NSE:${symbol}` === SYMBOL);
  return { sandbox, scrip: scrip ?? expect.unreachable() };
});

const daily = (sandbox: Sandbox, { exch_seg, token }: ScripRow, interval = "ONE_DAY") =>
  askCandles(sandbox, {
    exchange: exch_seg,
    symboltoken: token,
    interval,
    fromdate: "2026-11-02 09:15",
    todate: "2026-11-13 15:30",
  });

/** The same candles from a healthy sandbox and under one rule. */
const both = Effect.fnUntraced(function* (rule: FaultRule) {
  const { sandbox, scrip } = yield* withEquity;
  const due = yield* daily(sandbox, scrip);
  sandbox.setFaults({ rules: [rule] });
  const seen = yield* daily(sandbox, scrip);
  return { sandbox, due, seen, logged: sandbox.log().at(-1) };
});

/** An effect's failure by its name, for answers that never come whole. */
const broken = (rule: FaultRule) =>
  Effect.gen(function* () {
    const { sandbox, scrip } = yield* withEquity;
    sandbox.setFaults({ rules: [rule] });
    yield* Effect.flip(daily(sandbox, scrip));
    return sandbox.log().at(-1)?.fault;
  });

describe("a request may go wrong", () => {
  it.effect("as the vendor's breach of limits, or a vendor that is away", () =>
    Effect.gen(function* () {
      const limited = yield* both({ fault: "rate-limit" });
      expect([limited.seen.status, limited.seen.text]).toEqual([
        403,
        "Access denied because of exceeding access rate",
      ]);
      expect(limited.logged).toMatchObject({ status: 200, sent: 403, fault: "rate-limit" });
      const timed = yield* both({ fault: "rate-limit", retryAfter: 7 });
      expect(timed.seen.headers.get("retry-after")).toBe("7");
      expect((yield* both({ fault: "unavailable", status: 500 })).seen.error).toMatch(/^AB1004/);
      for (const status of [502, 503, 504] as const) {
        const page = yield* both({ fault: "unavailable", status, body: "html" });
        expect([page.seen.status, page.seen.headers.get("content-type")]).toEqual([status, "text/html"]);
        expect((yield* both({ fault: "unavailable", status })).seen.status).toBe(status);
      }
    }));

  it.effect("as JSON that is none, or cut short", () =>
    Effect.gen(function* () {
      for (
        const rule of [{ fault: "malformed-json" }, { fault: "cut-content" }, { fault: "html" }] as const
      ) {
        const { seen, logged } = yield* both(rule);
        expect(seen.status).toBe(200);
        expect(() => JSON.parse(seen.text)).toThrow();
        expect(logged?.fault).toBe(rule.fault === "html" ? "html" : rule.fault);
      }
      expect(yield* broken({ fault: "cut-gzip" })).toBe("cut-gzip");
      expect(yield* broken({ fault: "cut-body" })).toBe("cut-body");
      expect(yield* broken({ fault: "reset", times: "always" })).toBe("reset");
    }));

  it.effect("in the scrip master: JSON that is none, a row without its tick size", () =>
    Effect.gen(function* () {
      const { sandbox } = yield* withEquity;
      const asked = ask(sandbox, MASTER, { method: "GET" });
      const whole: ReadonlyArray<ScripRow> = JSON.parse((yield* asked).text);
      sandbox.setFaults({ rules: [{ fault: "malformed-json", nth: 1 }, { fault: "short-row", nth: 2 }] });
      const { text } = yield* asked;
      expect(() => JSON.parse(text)).toThrow();
      const short: ReadonlyArray<ScripRow> = JSON.parse((yield* asked).text);
      expect(short).toHaveLength(whole.length);
      const changed = short.filter((row, i) => JSON.stringify(row) !== JSON.stringify(whole[i]));
      expect(changed).toHaveLength(1);
      expect("tick_size" in changed[0]!).toBe(false);
    }));

  it.effect("with candles that are false", () =>
    Effect.gen(function* () {
      const order = yield* both({ fault: "out-of-order" });
      expect(rowsOf(order.seen)).not.toEqual(rowsOf(order.due));
      expect(rowsOf(order.seen).toSorted()).toEqual(rowsOf(order.due).toSorted());
      const twice = yield* both({ fault: "duplicated" });
      expect(rowsOf(twice.seen).length).toBe(rowsOf(twice.due).length + 1);
      expect(rowsOf((yield* both({ fault: "empty" })).seen)).toEqual([]);
      const wide = yield* both({ fault: "out-of-range", side: "before" });
      expect(rowsOf(wide.seen)[0]![0] < "2026-11-02").toBe(true);
      expect(rowsOf(wide.seen).slice(-rowsOf(wide.due).length)).toEqual(rowsOf(wide.due));
      const other = yield* both({ fault: "wrong-instrument" });
      expect(rowsOf(other.seen).map(([stamp]) => stamp)).toEqual(rowsOf(other.due).map(([stamp]) => stamp));
      expect(rowsOf(other.seen)).not.toEqual(rowsOf(other.due));
    }));

  it.effect("by the end of the session, until the next login", () =>
    Effect.gen(function* () {
      const { sandbox, scrip } = yield* withEquity;
      sandbox.setFaults({ rules: [{ fault: "token-death", nth: 2 }] });
      expect((yield* daily(sandbox, scrip)).error).toBe("");
      expect((yield* daily(sandbox, scrip)).error).toMatch(/^AB1010/);
      expect((yield* daily(sandbox, scrip)).error).toMatch(/^AB1010/);
      const { jwtToken } = sandbox.login();
      expect((yield* ask(sandbox, PROFILE, { jwt: jwtToken })).error).toBe("");
    }));
});

describe("a rule", () => {
  it.effect("is about an instrument by its symbol or by exchange and token, and about an interval", () =>
    Effect.gen(function* () {
      const { sandbox, scrip } = yield* withEquity;
      const rest = (yield* master(sandbox)).filter(({ token }) => token === scrip.token);
      const other = { ...scrip, token: "14747" };
      for (const about of [{ symbol: SYMBOL }, { token: `NSE:${scrip.token}` }]) {
        sandbox.setFaults({ rules: [{ fault: "rate-limit", interval: "60minute", ...about }] });
        expect((yield* daily(sandbox, scrip, "ONE_HOUR")).status).toBe(403);
        expect((yield* daily(sandbox, scrip)).status).toBe(200);
        expect((yield* daily(sandbox, other, "ONE_HOUR")).status).toBe(200);
        for (const same of rest.filter(({ exch_seg }) => exch_seg !== "NSE")) {
          expect((yield* daily(sandbox, same, "ONE_HOUR")).status).toBe(200);
        }
      }
    }));

  it.effect("about a login, too", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ faults: { rules: [{ fault: "unavailable", route: "login" }] } });
      expect((yield* ask(sandbox, LOGIN, { body: {} })).status).toBe(503);
    }));
});

describe("history", () => {
  it.effect("is restated by a split, corrected, and misses a day", () =>
    Effect.gen(function* () {
      const split = yield* both({ fault: "split", symbol: SYMBOL, exDate: "2026-11-09", ratio: 2 });
      for (const [i, [stamp, open, , , , volume]] of rowsOf(split.seen).entries()) {
        const [, was = 0, , , , shares = 0] = rowsOf(split.due)[i] ?? [];
        const ratio = stamp < "2026-11-09" ? 2 : 1;
        expect(Math.abs(open - was / ratio)).toBeLessThanOrEqual(0.01);
        expect(volume).toBe(shares * ratio);
        expect(stamp.endsWith("+05:30")).toBe(true);
      }
      const corrected = yield* both({
        fault: "correction",
        symbol: SYMBOL,
        day: "2026-11-11",
        set: { close: 1.5 },
      });
      expect(rowsOf(corrected.seen).find(([stamp]) => stamp.startsWith("2026-11-11"))?.[4]).toBe(1.5);
      const missing = yield* both({ fault: "missing-day", day: "2026-11-11" });
      expect(rowsOf(missing.seen)).toHaveLength(rowsOf(missing.due).length - 1);
    }));
});

describe("another program", () => {
  it.effect("can begin faults, read the log and the counters, log in and end sessions", () =>
    Effect.gen(function* () {
      const { sandbox, scrip } = yield* withEquity;
      const own = (method: string, path: string, body?: string) =>
        Effect.promise(() =>
          fetch(`${sandbox.url}/sandbox/${path}`, { method, ...(body === undefined ? {} : { body }) }).then(
            (response) => response.json(),
          )
        );
      sandbox.clear();
      yield* own("POST", "faults", '{"rules":[{"fault":"rate-limit","nth":1}]}');
      yield* daily(sandbox, scrip);
      expect((yield* own("GET", "log")).requests).toMatchObject([{
        route: "historical",
        token: scrip.token,
        exchange: "NSE",
        interval: "ONE_DAY",
        from: "2026-11-02 09:15",
        to: "2026-11-13 15:30",
        due: 200,
        status: 403,
        fault: "rate-limit",
      }]);
      expect(yield* own("GET", "stats")).toMatchObject({ byFault: { "rate-limit": 1 }, violations: 0 });
      const { jwtToken } = yield* own("POST", "login");
      expect((yield* ask(sandbox, PROFILE, { jwt: jwtToken })).error).toBe("");
      expect(yield* own("POST", "kill-token")).toEqual({
        jwtToken: null,
        refreshToken: null,
        feedToken: null,
      });
      expect((yield* ask(sandbox, PROFILE, { jwt: jwtToken })).error).toMatch(/^AB1010/);
    }));
});
