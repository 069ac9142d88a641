import { Decimal } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Contract, distributionOf, overallOf } from "./distribution.ts";
import { decimalOf, isMultiple, unitsOf } from "./exact.ts";
import { mapFutures } from "./futures.ts";
import { strikeFault, takeOptions } from "./options.ts";
import { makeListings, NEAR, rulesOf } from "./testing/market.ts";

const { equity, future, option } = makeListings();

/** Hundredths as a decimal, with as many zeros as a vendor may write. */
const hundredths = (units: number, zeros = 0): Decimal.Decimal =>
  (units / 100).toFixed(2) + "0".repeat(zeros);

describe("exact decimals", () => {
  it("come back from whole units", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.nat(4), (units, zeros) => {
        const decimal = hundredths(units, zeros);
        expect(unitsOf(decimal, 2 + zeros)).toBe(BigInt(units) * 10n ** BigInt(zeros));
        expect(Decimal.equals(decimalOf(unitsOf(decimal, 6), 6), decimal)).toBe(true);
        expect(decimalOf(unitsOf(decimal, 6), 6)).toBe(Decimal.normalize(decimal));
      }),
      { numRuns: 200 },
    );
  });

  it("are multiples as their whole units are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e7 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(4),
        (a, b, zeros) => {
          expect(isMultiple(hundredths(a, zeros), hundredths(b))).toBe(a % b === 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a strike", () => {
  it.each([
    [null, "0.05", "no strike"],
    ["", "0.05", "strike is not a number"],
    ["0", "0.05", "strike is not above 0"],
    ["-1.000000", "0.05", "strike is not above 0"],
    ["553.33", "0.05", "strike is not a multiple of the tick size"],
    ["553.35", "0.05", undefined],
    ["360.75", "0.05", undefined],
    ["860.000000", "5", undefined],
    ["553.33", "0", undefined],
    ["553.33", null, undefined],
  ])("%s with tick size %s: %s", (strike, tick_size, fault) => {
    expect(strikeFault({ strike, tick_size })).toBe(fault);
  });
});

describe("options", () => {
  const rules = rulesOf([equity("TATA"), equity("LONE"), equity("TWO"), equity("TWO", "EQ")]);
  const futures = mapFutures([future("TATA"), future("TWO")], NEAR, rules);

  it("are taken, rejected with a reason, counted by their stock or on something else", () => {
    const found = takeOptions(
      [
        option("TATA", "100", "CE"),
        option("TATA", "100", "PE"),
        option("TATA", "110", "CE"),
        option("TATA", "120", "CE", NEAR, { tradingsymbol: "TWIN" }),
        option("TATA", "120.00", "CE"),
        option("TATA", "0", "PE"),
        option("TWO", "100", "PE"),
        option("LONE", "100", "PE"),
        option("WHAT", "100", "PE", NEAR, { segment: "NFO-OPT" }),
        option("TATA", "130", "PE", NEAR, { segment: "NFO-OPT" }),
        option("NIFTY", "100", "PE", NEAR, { segment: "NFO-OPTIDX" }),
      ],
      futures,
      rules,
    );
    expect(found.taken.map(({ option }) => option.tradingsymbol)).toEqual([
      "TATA26NOV100CE",
      "TATA26NOV100PE",
      "TATA26NOV110CE",
      "TATA26NOV130PE",
    ]);
    expect(found.rejected.map(({ option, reason }) => [option.tradingsymbol, reason])).toEqual([
      ["TATA26NOV0PE", "strike is not above 0"],
      ["TWIN", "strike listed twice"],
      ["TATA26NOV120.00CE", "strike listed twice"],
    ]);
    expect([...found.unmapped]).toEqual([["TWO", 1], ["LONE", 1]]);
    expect([...found.undecided]).toEqual([["WHAT", 1]]);
    expect(found.others).toBe(1);
  });

  it("none of them vanishes, whatever their strikes", () => {
    const some = fc.array(
      fc.tuple(
        fc.constantFrom("TATA", "TWO", "LONE", "WHAT"),
        fc.oneof(fc.constant("-1"), fc.integer({ min: 0, max: 40 }).map((n) => hundredths(n))),
        fc.constantFrom("CE" as const, "PE" as const),
        fc.constantFrom("NFO-OPTSTK", "NFO-OPTIDX", "NFO-OPT"),
      ).map(([name, strike, type, segment]) => option(name, strike, type, NEAR, { segment })),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(some, (options) => {
        const { others, rejected, taken, undecided, unmapped } = takeOptions(options, futures, rules);
        const counted = [...unmapped.values(), ...undecided.values()].reduce((sum, n) => sum + n, others);
        expect(taken.length + rejected.length + counted).toBe(options.length);
        const contracts = taken.map(({ of, option, strike }) =>
          `${of.underlying} ${option.instrument_type} ${Number(strike)}`
        );
        expect(new Set(contracts).size).toBe(contracts.length);
        for (const { strike } of taken) expect(Math.round(Number(strike) * 100) % 5).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

const contracts = fc.array(
  fc.record({
    strike: fc.integer({ min: 1, max: 400 }).map((n) => hundredths(n * 25)),
    type: fc.constantFrom("CE" as const, "PE" as const),
  }),
  { minLength: 1, maxLength: 60 },
).map((some) => some as unknown as readonly [Contract, ...ReadonlyArray<Contract>]);

const chain = (...strikes: ReadonlyArray<number>) =>
  distributionOf(
    strikes.flatMap((strike) =>
      (["CE", "PE"] as const).map((type): Contract => ({ strike: String(strike), type }))
    ) as unknown as readonly [Contract, ...ReadonlyArray<Contract>],
  );

describe("a distribution of strikes", () => {
  it("tells ends, commonest step, what departs from it, and where a strike is left out", () => {
    expect(chain(80, 100, 110, 120, 140, 150, 160, 180, 200)).toEqual({
      strikes: 9,
      lowest: "80",
      highest: "200",
      step: "10",
      calls: 9,
      puts: 9,
      loneCalls: [],
      lonePuts: [],
      irregular: 4,
      // Not 80 to 100 and 160 to 200: there the step is wider to the end.
      gaps: [{ from: "120", to: "140" }],
    });
    // Moved strikes between new ones.
    expect(chain(7590, 7600, 7690, 7700, 7790, 7800).gaps).toEqual([]);
    expect(chain(10, 20, 40, 50).gaps).toEqual([{ from: "20", to: "40" }]);
    expect(chain(100)).toMatchObject({ strikes: 1, step: null, irregular: 0, gaps: [] });
    expect(chain(10, 20, 40)).toMatchObject({ step: "10", irregular: 1 });
  });

  it("agrees with the plain way of counting", () => {
    fc.assert(
      fc.property(contracts, (some) => {
        const found = distributionOf(some);
        const numbers = [...new Set(some.map(({ strike }) => Number(strike)))].sort((a, b) => a - b);
        const has = (strike: number, type: string) =>
          some.some((one) => Number(one.strike) === strike && one.type === type);
        expect(found.strikes).toBe(numbers.length);
        expect([Number(found.lowest), Number(found.highest)]).toEqual([numbers[0], numbers.at(-1)]);
        expect(found.calls + found.puts).toBe(some.length);
        expect(found.loneCalls.map(Number)).toEqual(numbers.filter((one) => !has(one, "PE")));
        expect(found.lonePuts.map(Number)).toEqual(numbers.filter((one) => !has(one, "CE")));
        const steps = numbers.slice(1).map((one, at) => one - numbers[at]!);
        const times = (step: number) => steps.filter((one) => one === step).length;
        if (found.step === null) expect(steps).toEqual([]);
        else {
          const step = Number(found.step);
          for (const other of steps) {
            expect(times(other) < times(step) || (times(other) === times(step) && step <= other)).toBe(true);
          }
          expect(found.irregular).toBe(steps.length - times(step));
        }
        for (const { from, to } of found.gaps) {
          const at = numbers.indexOf(Number(from));
          expect(numbers[at + 1]).toBe(Number(to));
          const near = [at - 2, at - 1, at + 1, at + 2].flatMap((other) => steps[other] ?? []);
          expect(near.length).toBeGreaterThanOrEqual(2);
          expect(Math.max(...near)).toBeLessThan(steps[at]!);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of all underlyings adds up, and its median lies between the fewest and the most", () => {
    fc.assert(
      fc.property(fc.array(contracts, { maxLength: 8 }), (chains) => {
        const all = overallOf(chains.map(distributionOf));
        expect(all.calls + all.puts).toBe(chains.flat().length);
        expect(all.fewest).toBeLessThanOrEqual(all.median);
        expect(all.median).toBeLessThanOrEqual(all.most);
        expect(all.underlyings).toBe(chains.length);
      }),
      { numRuns: 100 },
    );
    expect(overallOf([chain(1), chain(1, 2, 3), chain(1, 2)])).toMatchObject({
      fewest: 1,
      median: 2,
      most: 3,
    });
  });
});
