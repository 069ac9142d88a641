import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SandboxRequest } from "../server/request.ts";
import { Decider, spanOf } from "./decision.ts";
import type { FaultRule, FaultScript, PassingRule } from "./script.ts";

const request = (of: Partial<SandboxRequest> = {}): SandboxRequest => ({
  ordinal: 1,
  routeOrdinal: 1,
  at: 0,
  method: "GET",
  path: "/instruments/historical/257/day",
  query: "from=2024-01-01&to=2024-01-31",
  route: "historical",
  parts: ["257", "day"],
  apiKey: "key",
  ...of,
});

const candlesOf = (token: number, page = 0) =>
  request({
    path: `/instruments/historical/${token}/day`,
    query: `page=${page}`,
    parts: [`${token}`, "day"],
  });

const tokenOf = (symbol: string) => ({ "NSE:ONE": 257, "NSE:TWO": 513 })[symbol];
const decider = (script: FaultScript) => new Decider(script, tokenOf);

/** The kinds chosen for a run of requests, undefined for a healthy one. */
const chosen = (script: FaultScript, requests: ReadonlyArray<SandboxRequest>) => {
  const running = decider(script);
  return requests.map((asked) => running.decide(asked).chosen?.rule.fault);
};

const spans = fc.record({
  nth: fc.integer({ min: 1, max: 30 }),
  times: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant("always" as const)),
}, { requiredKeys: [] });

describe("a rule", () => {
  it("is due from its nth matching request for as many as it says", () => {
    fc.assert(
      fc.property(spans, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 60 }), (span, tokens) => {
        const due = chosen(
          { rules: [{ fault: "reset", token: 2, ...span }] },
          tokens.map((t) => candlesOf(t)),
        );
        let matched = 0;
        const first = span.nth ?? 1;
        const times = span.times ?? (span.nth === undefined ? "always" : 1);
        const expected = tokens.map((token) => {
          if (token !== 2) return undefined;
          matched++;
          return matched >= first && (times === "always" || matched < first + times) ? "reset" : undefined;
        });
        expect(due).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("without a count concerns all requests, with nth alone one, and the death of a token comes once", () => {
    expect(spanOf({ fault: "html" })).toEqual([1, Infinity]);
    expect(spanOf({ fault: "html", nth: 4 })).toEqual([4, 4]);
    expect(spanOf({ fault: "html", nth: 4, chance: 0.5 })).toEqual([4, Infinity]);
    expect(spanOf({ fault: "token-death" })).toEqual([1, 1]);
    expect(spanOf({ fault: "token-death", chance: 0.1 })).toEqual([1, Infinity]);
    expect(spanOf({ fault: "missing-day", day: "2024-01-01", nth: 4 })).toEqual([4, Infinity]);
  });

  it("is about data by default, or about the route, instrument and interval it names", () => {
    const asks = [
      request({ route: "session", parts: [] }),
      request({ route: "instruments", parts: ["NSE"] }),
      candlesOf(257),
      candlesOf(513),
      request({ parts: ["513", "minute"] }),
    ];
    const hit = (rule: Omit<PassingRule, "fault">) =>
      chosen({ rules: [{ fault: "html", ...rule }] }, asks).flatMap((kind, i) =>
        kind === undefined ? [] : [i]
      );
    expect(hit({})).toEqual([1, 2, 3, 4]);
    expect(hit({ route: "any" })).toEqual([0, 1, 2, 3, 4]);
    expect(hit({ route: "session" })).toEqual([0]);
    expect(hit({ route: "instruments" })).toEqual([1]);
    expect(hit({ token: 513 })).toEqual([3, 4]);
    expect(hit({ symbol: "NSE:TWO", interval: "minute" })).toEqual([4]);
    expect(hit({ symbol: "NSE:NOBODY" })).toEqual([]);
    expect(hit({ interval: "day" })).toEqual([2, 3]);
  });

  it("counts what matches it even where an earlier rule decides", () => {
    const rules: ReadonlyArray<FaultRule> = [{ fault: "html", times: 2 }, { fault: "reset", nth: 3 }];
    expect(chosen({ rules }, Array.from({ length: 4 }, () => request()))).toEqual([
      "html",
      "html",
      "reset",
      undefined,
    ]);
    const running = decider({ rules: [{ fault: "html" }, { fault: "reset" }] });
    running.decide(request());
    expect(running.counts()).toEqual([{ matched: 1, due: 1 }, { matched: 1, due: 0 }]);
  });
});

describe("chance", () => {
  const scripts = fc.record({
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    rules: fc.array(
      fc.record({
        fault: fc.constantFrom("reset" as const, "any" as const),
        chance: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });
  const asked = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 })), {
    maxLength: 40,
  });

  it("decides alike for a seed", () => {
    fc.assert(
      fc.property(scripts, asked, (script, asks) => {
        const requests = asks.map(([token, page]) => candlesOf(token, page));
        expect(chosen(script, requests)).toEqual(chosen(script, requests));
      }),
      { numRuns: 200 },
    );
  });

  it("does not depend on the order in which requests arrive", () => {
    const shuffled = asked.chain((asks) =>
      fc.tuple(
        fc.constant(asks),
        fc.shuffledSubarray([...asks.keys()], { minLength: asks.length, maxLength: asks.length }),
      )
    );
    /** By request and its how-manieth coming. */
    const byIdentity = (script: FaultScript, asks: ReadonlyArray<readonly [number, number]>) => {
      const running = decider(script);
      const seen = new Map<string, Array<unknown>>();
      for (const [token, page] of asks) {
        const key = `${token} ${page}`;
        seen.set(key, [...seen.get(key) ?? [], running.decide(candlesOf(token, page)).chosen]);
      }
      return seen;
    };
    fc.assert(
      fc.property(scripts, shuffled, (script, [asks, order]) => {
        const inOrder = byIdentity(script, asks);
        const other = byIdentity(script, order.map((i) => asks[i] ?? [0, 0]));
        for (const [key, kinds] of inOrder) expect(other.get(key)).toEqual(kinds);
      }),
      { numRuns: 200 },
    );
  });

  it("never faults at 0, always at 1, and comes near to what it says", () => {
    const requests = Array.from({ length: 4000 }, (_, i) => candlesOf(i));
    const share = (chance: number, seed = 7) =>
      chosen({ seed, rules: [{ fault: "any", chance }] }, requests).filter(Boolean).length / requests.length;
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    for (const seed of [1, 2, 3]) expect(Math.abs(share(0.1, seed) - 0.1)).toBeLessThan(0.025);
  });

  it("takes another course with another seed, and at the repeat of a request", () => {
    const requests = Array.from({ length: 200 }, (_, i) => candlesOf(i));
    const course = (seed: number) => chosen({ seed, rules: [{ fault: "any", chance: 0.5 }] }, requests);
    expect(course(1)).not.toEqual(course(2));
    const repeats = chosen({ rules: [{ fault: "reset", chance: 0.5 }] }, Array(200).fill(request()));
    expect(new Set(repeats)).toEqual(new Set(["reset", undefined]));
  });

  it("draws every kind that passes, those of candles for candles only, or those named", () => {
    const kinds = (requests: ReadonlyArray<SandboxRequest>, of?: readonly ["reset", "empty"]) =>
      new Set(chosen({ rules: [{ fault: "any", ...(of === undefined ? {} : { of }) }] }, requests));
    const anywhere = [
      "rate-limit",
      "unavailable",
      "html",
      "malformed-json",
      "cut-gzip",
      "cut-content",
      "cut-body",
      "reset",
      "hang",
      "drip",
      "slow",
    ];
    const historical = Array.from({ length: 1000 }, (_, i) => candlesOf(i));
    const dumps = Array.from(
      { length: 1000 },
      (_, i) => request({ route: "instruments", parts: [`${i}`], path: `/instruments/${i}` }),
    );
    expect(kinds(dumps)).toEqual(new Set(anywhere));
    expect(kinds(historical)).toEqual(
      new Set([...anywhere, "wrong-instrument", "out-of-range", "out-of-order", "duplicated"]),
    );
    expect(kinds(historical, ["reset", "empty"])).toEqual(new Set(["reset", "empty"]));
  });
});

describe("market events", () => {
  it("are in force beside whatever else goes wrong", () => {
    const running = decider({
      rules: [
        { fault: "split", symbol: "NSE:ONE", exDate: "2024-01-10", ratio: 2, nth: 2 },
        { fault: "missing-day", day: "2024-01-09", times: 2 },
        { fault: "reset", nth: 2 },
      ],
    });
    const seen = [257, 513, 257, 257].map((token) => {
      const { chosen, events } = running.decide(candlesOf(token));
      return [chosen?.rule.fault, ...events.map(({ rule }) => rule.fault)];
    });
    expect(seen).toEqual([
      [undefined, "missing-day"],
      ["reset", "missing-day"],
      [undefined, "split"],
      [undefined, "split"],
    ]);
  });
});
