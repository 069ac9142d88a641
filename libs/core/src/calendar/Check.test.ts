import { describe, expect, it } from "@effect/vitest";
import { Result } from "effect";
import { BUILT_IN } from "./BuiltIn.ts";
import type { CalendarFile, Placed } from "./CalendarFile.ts";
import { doubts, endings } from "./Check.ts";
import { resolve } from "./Resolve.ts";

const source = { source: "a test", asOf: "2026-11-20" };
const known: Placed = {
  where: BUILT_IN,
  file: {
    exchange: "X",
    ...source,
    timeZone: "UTC",
    from: "2026-01-01",
    to: "2026-12-31",
    hours: [{ from: "2026-01-01", open: "09:00", close: "15:00" }],
    closed: { "2026-05-01": "May Day", "2026-06-01": "holiday" },
    special: { "2026-11-08": { name: "Muhurat", periods: ["18:00-19:00"] } },
  },
};
const follower: Placed = { where: BUILT_IN, file: { exchange: "Y", ...source, like: "X" } };
const user = (more: Partial<CalendarFile>, exchange = "X"): Placed => ({
  where: "x.json",
  file: { exchange, ...source, ...more },
});
const found = (today: string, ...more: ReadonlyArray<Placed>) => {
  const placed = [known, follower, ...more];
  const descriptions = Result.getOrThrow(resolve(placed));
  return [...doubts(placed, descriptions), ...endings(descriptions, today)];
};

describe("warnings", () => {
  it("none, far from the end of what is known", () => expect(found("2026-06-01")).toEqual([]));

  it.each([["2026-11-20", "which is near"], ["2027-01-01", "which is past"]])(
    "on %s say that the known days end, once for all that share them",
    (today, when) =>
      expect(found(today)).toEqual([
        `X (and Y, which follow it): closed days are known to 2026-12-31, ${when}; later weekdays are presumed ` +
        "open. Add the next in config/calendars/X.json",
      ]),
  );

  it("of the end cease once the user moves it", () =>
    expect(found("2026-12-01", user({ to: "2027-12-31", closed: { "2027-01-26": "Republic Day" } }))).toEqual(
      [],
    ));

  it.each<readonly [string, Placed, string]>([
    [
      "a closed day on a weekend",
      user({ closed: { "2026-08-15": "Independence Day" } }),
      "x.json: closed.2026-08-15 (Independence Day) is a saturday, closed anyway",
    ],
    [
      "a closed day that is known",
      user({ closed: { "2026-05-01": "May Day" } }),
      "x.json: closed.2026-05-01 repeats what is known (built in); leave it out",
    ],
    [
      "one of an exchange that it follows",
      user({ closed: { "2026-05-01": "May Day" } }, "Y"),
      "x.json: closed.2026-05-01 repeats what is known (built in); leave it out",
    ],
    [
      "a special session that is known",
      user({ special: { "2026-11-08": { name: "Diwali", periods: ["18:00-19:00"] } } }),
      "x.json: special.2026-11-08 repeats what is known (built in); leave it out",
    ],
    [
      "an ordinary day opened",
      user({ open: { "2026-05-04": "?" } }),
      "x.json: open.2026-05-04 is an ordinary trading day; leave it out",
    ],
    [
      "closed days beyond the known ones",
      user({ closed: { "2027-01-26": "Republic Day", "2027-03-22": "Holi" } }),
      "x.json: closed.2027-01-26 and 1 more: outside 2026-01-01 to 2026-12-31; " +
      'give "to" once all closed days up to it stand here',
    ],
  ])("name %s", (_, placed, warning) => expect(found("2026-06-01", placed)).toEqual([warning]));

  it("say nothing of what changes something", () => {
    for (
      const change of [
        { closed: { "2026-05-04": "state mourning" } },
        { closed: { "2026-06-01": "its name" } },
        { open: { "2026-05-01": "open after all" } },
        { open: { "2026-05-02": "Union Budget" } },
        { special: { "2026-11-08": { name: "Muhurat", periods: ["18:15-19:15"] } } },
      ]
    ) expect(found("2026-06-01", user(change))).toEqual([]);
  });
});
