import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DerivationRow } from "./datasets.ts";
import { areStored, dumpsOf, needsMaster, type Wanted } from "./decision.ts";
import { FAR, NEAR } from "./testing/market.ts";
import { FETCHED, info, NOW } from "./testing/setting.ts";

const present = { now: NOW, today: "2026-11-20", info };
const wanted: Wanted = { exchange: "NFO", cashExchange: "NSE", expiry: undefined, force: false };

const derivation = (fields: Partial<DerivationRow> = {}): DerivationRow => ({
  exchange: "NFO",
  cash_exchange: "NSE",
  expiry: NEAR,
  is_current: true,
  dump_fetched_at: FETCHED,
  cash_dump_fetched_at: FETCHED,
  futures: 1,
  equities: 1,
  options: 1,
  unmapped: 0,
  derived_at: NOW,
  ...fields,
});

const dump = (fetchedAt: number) => ({ fetchedAt, complete: true });
const dumps = { dump: dump(FETCHED), cashDump: dump(FETCHED) };

const areThere = (derived: DerivationRow | undefined, asked: Partial<Wanted> = {}, at = present) =>
  areStored({ ...wanted, ...asked }, { ...dumps, derivation: derived }, dumps, at);

describe("the tokens wanted are stored", () => {
  it("when they are of these dumps, exchanges and expiry", () => {
    expect(areThere(derivation())).toBe(true);
    expect(areThere(derivation(), { expiry: NEAR })).toBe(true);
    expect(areThere(derivation({ expiry: FAR, is_current: false }), { expiry: FAR })).toBe(true);
  });

  it.each<[string, DerivationRow | undefined, Partial<Wanted>, string]>([
    ["none were", undefined, {}, NEAR],
    ["from another dump of the derivatives", derivation({ dump_fetched_at: FETCHED - 1 }), {}, NEAR],
    ["from another dump of the equities", derivation({ cash_dump_fetched_at: FETCHED + 1 }), {}, NEAR],
    ["of another exchange", derivation({ exchange: "BFO" }), {}, NEAR],
    ["of equities of another exchange", derivation({ cash_exchange: "BSE" }), {}, NEAR],
    ["of another expiry than the one asked for", derivation(), { expiry: FAR }, NEAR],
    ["of an expiry that was asked for, when the current one is", derivation({ is_current: false }), {}, NEAR],
    ["of an expiry that has passed", derivation(), {}, "2026-11-25"],
  ])("not when they were derived %s", (_, derived, asked, today) => {
    expect(areThere(derived, asked, { ...present, today })).toBe(false);
  });
});

describe("the master is fetched first", () => {
  const age = fc.option(fc.integer({ min: 0, max: 4 * 86_400_000 }), { nil: undefined });

  it("when it is forced, or either dump is absent or older than the latest that is ready", () => {
    const ready = Date.parse("2026-11-20T08:30:00+05:30");
    fc.assert(
      fc.property(age, age, fc.boolean(), (first, second, force) => {
        const of = (millis: number | undefined) => millis === undefined ? undefined : dump(NOW - millis);
        const stored = { dump: of(first), cashDump: of(second), derivation: derivation() };
        const isFresh = [first, second].every((millis) => millis !== undefined && NOW - millis >= ready);
        expect(needsMaster({ ...wanted, force }, stored, present)).toBe(force || !isFresh);
        expect(dumpsOf(stored) === undefined).toBe(first === undefined || second === undefined);
      }),
      { numRuns: 300 },
    );
  });
});
