import { describe, expect, it } from "@effect/vitest";
import { Result } from "effect";
import * as fc from "fast-check";
import { addDays } from "../MarketTime.ts";
import type { CalendarFile, Placed } from "./CalendarFile.ts";
import { make } from "./Make.ts";
import { type Description, resolve } from "./Resolve.ts";

const source = { source: "a test", asOf: "2026-11-20" };
const placed = (exchange: string, more: Partial<CalendarFile>, where = "built in"): Placed => ({
  where,
  file: { exchange, ...source, ...more },
});
const hours = [{ from: "2000-01-01", open: "09:00", close: "15:00" }];
const root = (exchange: string, more: Partial<CalendarFile> = {}): Placed =>
  placed(exchange, { timeZone: "Asia/Kolkata", from: "2026-01-01", to: "2026-12-31", hours, ...more });

const resolved = (...files: ReadonlyArray<Placed>): ReadonlyMap<string, Description> =>
  Result.getOrThrow(resolve(files));
const problems = (...files: ReadonlyArray<Placed>): ReadonlyArray<string> =>
  Result.match(resolve(files), { onSuccess: () => [], onFailure: (found) => found });

describe("files laid on each other", () => {
  const days = ["2026-03-02", "2026-03-03", "2026-03-07"];
  const saying = fc.dictionary(fc.constantFrom(...days), fc.constantFrom("closed", "open", "special"));
  const layer = (said: Readonly<Record<string, string>>): Partial<CalendarFile> => {
    const of = (kind: string) => Object.keys(said).filter((day) => said[day] === kind);
    return {
      closed: Object.fromEntries(of("closed").map((day) => [day, "holiday"])),
      open: Object.fromEntries(of("open").map((day) => [day, "open"])),
      special: Object.fromEntries(
        of("special").map((day) => [day, { name: "short", periods: ["10:00-11:00"] }]),
      ),
    };
  };

  it("of each day the last file that speaks of it counts", () =>
    fc.assert(fc.property(fc.array(saying, { minLength: 1, maxLength: 4 }), ([first, ...further]) => {
      const calendar = make(
        resolved(
          root("X", layer(first!)),
          ...further.map((said, index) => placed("X", layer(said), `file ${index}`)),
        ).get("X")!,
      );
      for (const day of days) {
        const last = [first!, ...further].findLast((said) => said[day] !== undefined)?.[day];
        const isOpen = last === undefined ? day !== "2026-03-07" : last !== "closed";
        expect(calendar.sessionOn(day) !== undefined).toBe(isOpen);
        expect(calendar.sessionOn(day)?.special).toBe(last === "special" ? "short" : undefined);
      }
    })));

  it("keep what is known, and move its end forward", () => {
    const known = resolved(
      root("X", { closed: { "2026-05-01": "May Day" } }),
      placed("X", { to: "2027-12-31", closed: { "2027-05-03": "May Day" } }, "user"),
    ).get("X")!;
    expect([known.from, known.to]).toEqual(["2026-01-01", "2027-12-31"]);
    expect([...known.closed.keys()]).toEqual(["2026-05-01", "2027-05-03"]);
    expect(known.layers.map(({ where }) => where)).toEqual(["built in", "user"]);
  });

  it("add eras, and replace those that begin on the same day", () => {
    const known = resolved(
      root("X"),
      placed("X", {
        hours: [{ from: "2027-01-01", open: "08:00", close: "15:00" }, { ...hours[0]!, open: "09:30" }],
      }, "user"),
    ).get("X")!;
    expect(known.hours.map(({ from, open }) => [from, open])).toEqual([
      ["2000-01-01", "09:30"],
      ["2027-01-01", "08:00"],
    ]);
  });

  it("an end that lies before the known one does not move it back", () => {
    expect(resolved(root("X"), placed("X", { to: "2026-06-30" })).get("X")?.to).toBe("2026-12-31");
  });
});

describe("an exchange like another", () => {
  it("shares days and hours, also those that a user adds to the other", () => {
    const known = resolved(
      root("X"),
      placed("Y", { like: "X" }),
      placed("Z", { like: "Y", closed: { "2026-06-01": "own" } }),
      placed("X", { to: "2027-12-31", closed: { "2027-05-03": "May Day" } }, "user"),
    );
    for (const exchange of ["Y", "Z"]) {
      expect(known.get(exchange)?.closed.get("2027-05-03")).toBe("May Day");
      expect(known.get(exchange)?.to).toBe("2027-12-31");
      expect(known.get(exchange)?.hours).toEqual(hours);
    }
    expect(known.get("Z")?.closed.get("2026-06-01")).toBe("own");
    expect(known.get("X")?.closed.has("2026-06-01")).toBe(false);
  });

  it("with hours of its own takes none of the other's", () => {
    const own = [{ from: "2000-01-01", open: "10:00", close: "16:00" }];
    const known = resolved(
      root("X", { hours: [...hours, { from: "2026-06-01", open: "09:00", close: "15:15" }] }),
      placed("Y", { like: "X", hours: own }),
    );
    expect(known.get("Y")?.hours).toEqual(own);
  });

  it("does not depend on the order in which they are read", () => {
    const files = [root("X", { closed: { "2026-05-01": "May Day" } }), placed("Y", { like: "X" })];
    expect(resolved(...files).get("Y")).toEqual(resolved(...files.toReversed()).get("Y"));
  });
});

describe("what cannot be resolved names file, key and fix", () => {
  it.each<readonly [string, ReadonlyArray<Placed>, string]>([
    [
      "like an exchange that is not known",
      [root("X"), placed("Y", { like: "Q" }, "y.json")],
      "y.json: like: there is no calendar of Q; there is X",
    ],
    [
      "like itself",
      [placed("Y", { like: "Y" }, "y.json")],
      "y.json: like: Y is like Y; one of them must say its own days",
    ],
    [
      "a circle",
      [
        placed("A", { like: "B" }, "a.json"),
        placed("B", { like: "C" }, "b.json"),
        placed("C", { like: "A" }, "c.json"),
      ],
      "c.json: like: A is like B is like C is like A; one of them must say its own days",
    ],
    [
      "a new exchange without hours",
      [placed("X", { timeZone: "UTC", from: "2026-01-01", to: "2026-12-31" }, "x.json")],
      'x.json: hours is missing: nothing is known of X yet; give timeZone, hours, from and to, or the exchange it is "like"',
    ],
    [
      "another zone for a known exchange",
      [root("X"), placed("X", { timeZone: "UTC" }, "x.json")],
      "x.json: timeZone: that of X is Asia/Kolkata; leave it out",
    ],
    [
      "a known exchange made like another",
      [root("X"), root("Y"), placed("X", { like: "Y" }, "x.json")],
      "x.json: like: X is known already; leave it out",
    ],
    [
      "a year left out",
      [root("X"), placed("X", { from: "2028-01-01", to: "2028-12-31" }, "x.json")],
      "x.json: from: nothing is known of the days 2027-01-01 to 2027-12-31 before it; " +
      "add what is closed then and begin at 2027-01-01",
    ],
  ])("%s", (_, files, problem) => expect(problems(...files)).toEqual([problem]));

  it("the day after the known ones may follow", () => {
    const next = addDays("2026-12-31", 1);
    expect(problems(root("X"), placed("X", { from: next, to: "2027-12-31" }))).toEqual([]);
  });
});
