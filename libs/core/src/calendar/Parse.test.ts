import { describe, expect, it } from "@effect/vitest";
import { Result } from "effect";
import * as fc from "fast-check";
import { parse } from "./Parse.ts";

const WHERE = "config/calendars/NSE.json";
const file = { exchange: "NSE", source: "circular of 2026-12-10", asOf: "2026-12-10" };

const problems = (value: unknown): ReadonlyArray<string> =>
  Result.match(parse(WHERE, value), { onSuccess: () => [], onFailure: (found) => found });

describe("parse", () => {
  it("takes a file that says little", () => {
    expect(parse(WHERE, file)).toEqual(Result.succeed({ where: WHERE, file }));
  });

  it("takes a file that says everything", () => {
    expect(problems({
      ...file,
      name: "an exchange",
      timeZone: "Asia/Kolkata",
      from: "2026-01-01",
      to: "2027-12-31",
      like: "BSE",
      weekend: ["sunday"],
      hours: [{ from: "2026-01-01", open: "09:15", close: "15:30", closingAuction: "15:35", note: "new" }],
      closed: { "2027-01-26": "Republic Day" },
      open: { "2027-02-06": "Union Budget" },
      special: { "2027-10-29": { name: "Muhurat", periods: ["18:00-18:30", "18:30-19:00"] } },
      notes: ["a note"],
    })).toEqual([]);
  });

  const wrong: ReadonlyArray<readonly [what: string, change: object, problem: string]> = [
    [
      "an unknown key",
      { holidays: {} },
      'unknown key "holidays"; known are exchange, name, timeZone, source, asOf, from, to, like, weekend, hours, ' +
      "closed, open, special, notes",
    ],
    [
      "an unknown key of an era",
      { hours: [{ from: "2026-01-01", open: "09:15", close: "15:30", shut: "" }] },
      'unknown key "hours.0.shut"; known are from, open, close, closingAuction, note',
    ],
    [
      "an unknown key of a special session",
      { special: { "2026-11-08": { name: "Muhurat", hours: "18:00-19:00" } } },
      'unknown key "special.2026-11-08.hours"; known are name, periods',
    ],
    [
      "a code in small letters",
      { exchange: "nse" },
      'exchange: expected a code in capitals, such as NSE, got "nse"',
    ],
    [
      "a source that is no text",
      { source: 5 },
      'source: expected who says so, such as "NSE circular of 2026-12-10"',
    ],
    ["an empty source", { source: "" }, 'source: expected who says so, such as "NSE circular of 2026-12-10"'],
    [
      "a zone that is none",
      { timeZone: "Asia/Bombai" },
      'timeZone: there is no zone "Asia/Bombai"; write it as Asia/Kolkata',
    ],
    [
      "a day that does not exist",
      { closed: { "2027-02-30": "Holi" } },
      "closed.2027-02-30: there is no day 2027-02-30; correct it",
    ],
    ["a day written another way", { to: "31-12-2027" }, 'to: expected a day as YYYY-MM-DD, got "31-12-2027"'],
    [
      "a span that ends before it begins",
      { from: "2027-01-01", to: "2026-12-31" },
      "to: 2026-12-31 is before from, 2027-01-01",
    ],
    [
      "closed days as a list",
      { closed: ["2027-01-26"] },
      'closed: expected days with their names, such as { "2027-01-26": "Republic Day" }',
    ],
    [
      "a closed day without a name",
      { closed: { "2027-01-26": "" } },
      "closed.2027-01-26: expected a name in quotes",
    ],
    [
      "a close before the open",
      { hours: [{ from: "2027-01-01", open: "15:30", close: "09:15" }] },
      "hours.0.close: 09:15 is not after the open at 15:30",
    ],
    [
      "an auction that ends before the close",
      { hours: [{ from: "2027-01-01", open: "09:15", close: "15:30", closingAuction: "15:30" }] },
      "hours.0.closingAuction: 15:30 is not after the close at 15:30",
    ],
    [
      "a time that is none",
      { hours: [{ from: "2027-01-01", open: "9:15", close: "15:30" }] },
      'hours.0.open: expected a time as hh:mm, from 00:00 to 23:59, got "9:15"',
    ],
    [
      "two eras that begin together",
      {
        hours: [{ from: "2027-01-01", open: "09:15", close: "15:30" }, {
          from: "2027-01-01",
          open: "09:00",
          close: "15:30",
        }],
      },
      "hours.1.from: 2027-01-01 stands here twice; leave one out",
    ],
    [
      "no era",
      { hours: [] },
      'hours: expected a list such as [{ "from": "2027-01-01", "open": "09:15", "close": "15:30" }]',
    ],
    [
      "a period that is none",
      { special: { "2027-10-29": { name: "M", periods: ["18:00"] } } },
      'special.2027-10-29.periods: expected a period as hh:mm-hh:mm, got "18:00"',
    ],
    [
      "a period backwards",
      { special: { "2027-10-29": { name: "M", periods: ["19:00-18:00"] } } },
      "special.2027-10-29.periods: 19:00-18:00 ends before it begins",
    ],
    [
      "periods out of order",
      { special: { "2027-10-29": { name: "M", periods: ["11:30-12:30", "09:15-10:00"] } } },
      "special.2027-10-29.periods: 09:15-10:00 begins before the period before it ends",
    ],
    [
      "no period",
      { special: { "2027-10-29": { name: "M", periods: [] } } },
      "special.2027-10-29.periods: give at least one period, or leave the key out: hours not known",
    ],
    [
      "a period that is no text",
      { special: { "2027-10-29": { name: "M", periods: [18] } } },
      'special.2027-10-29.periods.0: expected a list such as ["09:15-10:00", "11:30-12:30"]',
    ],
    [
      "a day both closed and open",
      { closed: { "2027-02-06": "x" }, open: { "2027-02-06": "y" } },
      "open.2027-02-06: 2027-02-06 is closed, too; a day is one or the other",
    ],
    [
      "a day both closed and special",
      { closed: { "2027-10-29": "Diwali" }, special: { "2027-10-29": { name: "Muhurat" } } },
      "special.2027-10-29: 2027-10-29 is closed, too; a day is one or the other (a special session opens it by itself)",
    ],
    [
      "a day of the week that is none",
      { weekend: ["friday", "Samstag"] },
      '"Samstag" is no day of the week: sunday, monday, tuesday, wednesday, thursday, friday, saturday',
    ],
    [
      "a week without trading",
      { weekend: ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] },
      "weekend: one day at least must be left to trade on",
    ],
  ];
  it.each(wrong)("names file, key and fix of %s", (_, change, problem) => {
    const found = problems({ ...file, ...change });
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(new RegExp(`^${WHERE.replaceAll(".", "\\.")}: `));
    expect(found[0]).toContain(problem);
  });

  it("names every key that is missing", () => {
    const found = problems({});
    expect(found.map((text) => text.split(" is missing")[0])).toEqual(
      ["exchange", "source", "asOf"].map((key) => `${WHERE}: ${key}`),
    );
  });

  it("tells all problems at once", () => {
    expect(problems({ ...file, asOf: "x", closed: { "2027-13-01": "x" }, weekend: ["x"] }).length).toBe(3);
  });

  it("never throws, whatever the file holds", () =>
    fc.assert(fc.property(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          exchange: fc.constantFrom("NSE", "", 1),
          source: fc.constant("s"),
          asOf: fc.constantFrom("2026-01-01", ""),
          closed: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.string())),
          special: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
          hours: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
        }, { requiredKeys: [] }),
      ),
      (value) => {
        const result = parse(WHERE, value);
        if (Result.isFailure(result)) {
          expect(result.failure.length).toBeGreaterThan(0);
          for (const problem of result.failure) expect(problem).toContain(WHERE);
        }
      },
    )));
});
