import { ist } from "@candlewick/pretend-exchange/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { makeSandbox, type Sandbox } from "./sandbox.ts";
import { ask, rowsOf, started } from "./test-client.ts";

const tokenOf = (sandbox: Sandbox, symbol: string, exchange = "NSE") =>
  Effect.map(
    ask(sandbox, `/instruments/${exchange}`),
    ({ text }) => text.split("\n").find((line) => line.split(",")[2] === symbol)?.split(",")[0] ?? "none",
  );

const candles = (token: string, interval: string, from: string, to: string, more = "") =>
  `/instruments/historical/${token}/${interval}?${new URLSearchParams({ from, to })}${more}`;

describe("instruments", () => {
  it.effect("come gzipped to those who accept it, whole or by exchange, with a final newline", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const all = yield* ask(sandbox, "/instruments");
      expect(all.headers.get("content-type")).toBe("text/csv");
      expect(all.text.endsWith("\n")).toBe(true);
      const counts = yield* Effect.forEach(
        ["NSE", "BSE", "NFO", "BFO", "CDS", "BCD", "MCX"],
        (exchange) =>
          Effect.map(ask(sandbox, `/instruments/${exchange}`), ({ text }) => text.split("\n").length - 2),
      );
      expect(counts.every((count) => count > 20)).toBe(true);
      expect(counts.reduce((a, b) => a + b)).toBe(all.text.split("\n").length - 2);
      expect((yield* ask(sandbox, "/instruments", { headers: { "accept-encoding": "identity" } })).text).toBe(
        all.text,
      );
      expect((yield* ask(sandbox, "/instruments/XYZ")).error).toBe("InputException: Invalid `exchange`.");
    }));

  it.effect("are made once a day, at half past eight", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const dump = Effect.map(
        ask(sandbox, "/instruments/NFO", { token: sandbox.login() }),
        ({ text }) => text,
      );
      const expiring = (text: string) =>
        text.split("\n").filter((line) => line.includes(",2026-11-23,")).length;
      yield* TestClock.setTime(ist("2026-11-23", "20:00:00"));
      expect(
        expiring(
          yield* ask(sandbox, "/instruments/NFO", { token: sandbox.login() }).pipe(
            Effect.map(({ text }) => text),
          ),
        ),
      ).toBeGreaterThan(100);
      yield* TestClock.setTime(ist("2026-11-24", "08:29:59"));
      const token = sandbox.login();
      const before = yield* ask(sandbox, "/instruments/NFO", { token });
      yield* TestClock.setTime(ist("2026-11-24", "08:30:00"));
      const after = yield* ask(sandbox, "/instruments/NFO", { token });
      expect(expiring(before.text)).toBeGreaterThan(100);
      expect(expiring(after.text)).toBe(0);
      expect(yield* dump).not.toBe(before.text);
    }));
});

describe("candles", () => {
  it.effect("come as rows of six, or of seven with open interest, stamped +0530", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const token = yield* tokenOf(sandbox, "EMBERBANK");
      const six = rowsOf(yield* ask(sandbox, candles(token, "day", "2026-11-02", "2026-11-13")));
      const seven = rowsOf(yield* ask(sandbox, candles(token, "day", "2026-11-02", "2026-11-13", "&oi=1")));
      expect(six.every((row) => row.length === 6)).toBe(true);
      expect(seven.map((row) => row.slice(0, 6))).toEqual(six);
      expect(seven.every((row) => row[6] === 0)).toBe(true);
      expect(six.map(([stamp]) => stamp)).toContain("2026-11-08T00:00:00+0530");
      expect(six).toHaveLength(10);
    }));

  it.effect("of an expired contract cannot be asked for, nor of a token nobody has", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const token = yield* tokenOf(sandbox, "EMBERBANK26NOVFUT", "NFO");
      const path = candles(token, "day", "2026-11-02", "2026-11-20");
      expect(rowsOf(yield* ask(sandbox, path)).length).toBeGreaterThan(10);
      expect((yield* ask(sandbox, candles("7", "day", "2026-11-02", "2026-11-03"))).error).toBe(
        "InputException: invalid token",
      );
      yield* TestClock.setTime(ist("2026-11-25", "12:00:00"));
      expect((yield* ask(sandbox, path, { token: sandbox.login() })).error).toBe(
        "InputException: invalid token",
      );
    }));

  it.effect("are continuous for daily futures only", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const future = yield* tokenOf(sandbox, "EMBERBANK26DECFUT", "NFO");
      const equity = yield* tokenOf(sandbox, "EMBERBANK");
      const currency = yield* tokenOf(sandbox, "USDINR26NOVFUT", "CDS");
      const refusal = "InputException: continuous data is available for day candles of futures only";
      const on = "&continuous=1&oi=1";
      const year = rowsOf(yield* ask(sandbox, candles(future, "day", "2024-01-01", "2024-12-31", on)));
      expect(year).toHaveLength(249);
      expect(rowsOf(yield* ask(sandbox, candles(future, "day", "2024-01-01", "2024-12-31")))).toEqual([]);
      for (const [token, interval] of [[future, "60minute"], [equity, "day"], [currency, "day"]] as const) {
        expect((yield* ask(sandbox, candles(token, interval, "2026-11-02", "2026-11-03", on))).error).toBe(
          refusal,
        );
      }
    }));

  it.effect("asked for wrongly are refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const answer = yield* ask(sandbox, candles("1", "day", "2015-01-01", "2026-01-01"));
      expect(answer).toMatchObject({
        status: 400,
        error: "InputException: interval exceeds max limit: 2000 days",
      });
    }));
});

describe("what the API does not have", () => {
  it.effect("is not found, and other methods are not allowed", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      for (
        const path of [
          "/",
          "/orders",
          "/instruments/",
          "/instruments/NSE/more",
          "/instruments/historical/1",
          "/user/profile/x",
        ]
      ) {
        expect(yield* ask(sandbox, path)).toMatchObject({
          status: 404,
          error: "GeneralException: Route not found",
        });
      }
      expect(yield* ask(sandbox, "/instruments", { method: "POST" })).toMatchObject({
        status: 405,
        error: "GeneralException: Method not allowed",
      });
      expect((yield* ask(sandbox, "/session/token")).status).toBe(405);
    }));
});

describe("rate limits", () => {
  it.effect("let three historical requests a second through and refuse the rest", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const token = yield* tokenOf(sandbox, "EMBERBANK");
      const path = candles(token, "day", "2026-11-02", "2026-11-03");
      const statuses = (count: number) =>
        Effect.replicateEffect(Effect.map(ask(sandbox, path), ({ status }) => status), count);
      expect(yield* statuses(4)).toEqual([200, 200, 200, 429]);
      expect((yield* ask(sandbox, path)).error).toBe("NetworkException: Too many requests");
      yield* TestClock.adjust("999 millis");
      expect(yield* statuses(1)).toEqual([429]);
      yield* TestClock.adjust("1 second");
      expect(yield* statuses(3)).toEqual([200, 200, 200]);
      expect(sandbox.stats()).toMatchObject({
        requests: 10,
        violations: 3,
        byRoute: { instruments: 1, historical: 9 },
      });
    }));

  it.effect("let ten other requests through, by api key", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const profile = Effect.map(ask(sandbox, "/user/profile"), ({ status }) => status);
      expect(yield* Effect.replicateEffect(profile, 11)).toEqual([...Array(10).fill(200), 429]);
      const other = yield* ask(sandbox, "/user/profile", { headers: { authorization: "token other:x" } });
      expect(other.status).toBe(403);
    }));

  it.effect("can be set, told with Retry-After, or switched off", () =>
    Effect.gen(function* () {
      const strict = yield* started({
        limits: { other: { requests: 1, windowMillis: 5000 }, retryAfterSeconds: 5 },
      });
      yield* ask(strict, "/user/profile");
      expect((yield* ask(strict, "/user/profile")).headers.get("retry-after")).toBe("5");
      const free = yield* started({ limits: "off" });
      const seen = yield* Effect.replicateEffect(ask(free, "/user/profile"), 30);
      expect(seen.every(({ status }) => status === 200)).toBe(true);
    }));
});

describe("the log", () => {
  it.effect("keeps the newest requests with what they asked for", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", logSize: 3 });
      yield* Effect.replicateEffect(ask(sandbox, "/user/profile"), 7);
      yield* ask(sandbox, candles("7", "day", "2026-11-02", "2026-11-03"));
      const log = sandbox.log();
      expect(log.map(({ ordinal }) => ordinal)).toEqual([6, 7, 8]);
      expect(log.at(-1)).toMatchObject({
        route: "historical",
        parts: ["7", "day"],
        status: 400,
        routeOrdinal: 1,
        at: ist("2026-11-20"),
      });
      expect(sandbox.stats()).toMatchObject({ requests: 8, byStatus: { 200: 7, 400: 1 }, violations: 0 });
      sandbox.clear();
      expect([sandbox.log(), sandbox.stats().requests]).toEqual([[], 0]);
    }));
});

describe("a sandbox", () => {
  it.effect("can pretend another day", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", mode: { kind: "invented", today: "2019-04-02" } });
      const { text } = yield* ask(sandbox, "/instruments/NFO");
      expect(text).toContain(",2019-04-25,");
      expect(text).not.toContain(",2026-");
    }));

  it.effect("refuses a date that does not exist, and a port that is taken", () =>
    Effect.gen(function* () {
      const date = yield* Effect.flip(makeSandbox({ mode: { kind: "invented", today: "2026-02-30" } }));
      expect(date.message).toBe("not a date: 2026-02-30, expected yyyy-mm-dd");
      const first = yield* makeSandbox();
      const taken = yield* Effect.flip(makeSandbox({ port: Number(new URL(first.url).port) }));
      expect(taken.message).toContain("cannot listen on 127.0.0.1:");
    }));

  it.effect("stops listening when its scope closes", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(makeSandbox());
      expect((yield* Effect.exit(ask(gone, "/user/profile")))._tag).toBe("Failure");
    }));
});
