import { Effect, Exit } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import { plain } from "../display/Style.ts";
import { Refusal } from "../Refusal.ts";
import { type Files, temporaryFolder } from "../testing/folders.ts";
import { calendarCommand } from "./Command.ts";
import { calendarsOf } from "./UserFiles.ts";

const source = { source: "a circular", asOf: "2026-06-01" };

/** What the command prints on 2026-06-10, or the problems it refuses with. */
const shown = async (
  args: ReadonlyArray<string>,
  files: Files = {},
): Promise<{ readonly lines: ReadonlyArray<string>; readonly problems: ReadonlyArray<string> }> => {
  using project = temporaryFolder(files);
  const written: Array<string> = [];
  const exit = await Effect.runPromiseExit(
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-06-10T12:00:00Z"));
      return yield* calendarCommand({ folder: project.path }, ["calendar", ...args], {
        out: (text) => written.push(text),
        paintOut: plain,
      });
    }).pipe(Effect.flip, Effect.provide(TestClock.layer())),
  );
  const problems = Exit.isSuccess(exit) && exit.value instanceof Refusal ? exit.value.problems : [];
  return { lines: written.join("").split("\n"), problems };
};

const text = async (args: ReadonlyArray<string>, files: Files = {}) => {
  const { lines, problems } = await shown(args, files);
  expect(problems).toEqual([]);
  return lines.join("\n");
};

describe("calendar", () => {
  it("shows of each exchange what is known, the hours by era, and the sources", async () => {
    const overview = await text([]);
    for (const exchange of ["NSE", "BSE", "NFO", "BFO", "NYSE", "NASDAQ"]) {
      expect(overview).toMatch(new RegExp(`^${exchange}  `, "m"));
    }
    expect(overview).toContain("Days       as NSE");
    expect(overview).toContain("Known      1997-01-01 to 2026-12-31: 402 closed days, 37 special sessions");
    expect(overview).toContain("from 2026-08-03  09:15-15:30 and auction to 15:35");
    expect(overview).toContain("Sources    built in, as of 2026-11-20");
    expect(overview).toContain("No calendars of your own: config/calendars/ holds no file");
    expect(overview).not.toContain("Warning");
    for (const line of overview.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });

  it("lists the days of a year, with today between what is past and what comes", async () => {
    const { lines } = await shown(["--exchange=NSE,BSE", "--year=2026"]);
    expect(lines[0]).toBe("NSE, BSE  2026: 247 sessions, 16 closed days, 2 unusual sessions");
    const today = lines.indexOf("2026-06-10  Wed  today");
    expect(lines[today - 1]).toBe("2026-05-28  Thu  closed       Bakri Id");
    expect(lines[today + 1]).toBe("2026-06-26  Fri  closed       Muharram");
    expect(lines).toContain("2026-11-08  Sun  18:00-19:00  Muhurat");
  });

  it("says of a year where knowledge ends, and of special sessions when hours are not known", async () => {
    expect(await text(["--exchange=NYSE", "--year=2030"])).toContain(
      "(closed days are known 1990-01-01 to 2026-12-31 only)",
    );
    expect(await text(["--exchange=NSE", "--year=2013"])).toContain(
      "2013-11-03  Sun  not known; 09:15-15:30 presumed  Muhurat",
    );
  });

  it("says of a day whether and when each exchange trades, and why", async () => {
    const { lines } = await shown(["--date=2024-03-02"]);
    expect(lines[0]).toBe("2024-03-02  Sat");
    expect(lines[2]).toBe(
      "NSE       yes     09:15-10:00, 11:30-12:30  Asia/Kolkata      trading from the disaster recovery site",
    );
    expect(lines[6]).toBe("NYSE      no      -                         America/New_York  weekend");
  });

  it.each([
    ["2026-06-09", "ordinary day"],
    ["2027-01-04", "presumed: closed days are known to 2026-12-31"],
    ["1990-01-04", "presumed: closed days are known from 1997-01-01"],
    ["2026-02-01", "Union Budget"],
    ["2026-01-26", "Republic Day"],
  ])("knows why of %s: %s", async (day, why) => {
    expect(await text([`--date=${day}`, "--exchange=NSE"])).toContain(why);
  });

  it("lays the user's files on what is built in, and names them and their doubts", async () => {
    const files = {
      "config/calendars/NSE.json": {
        exchange: "NSE",
        ...source,
        to: "2027-12-31",
        closed: { "2026-06-11": "state mourning", "2026-12-25": "Christmas" },
        special: { "2027-10-29": { name: "Muhurat", periods: ["18:00-19:00"] } },
      },
      "config/calendars/MCX.json": { exchange: "MCX", ...source, like: "NSE" },
      "config/calendars/README.md": "not a calendar",
    };
    expect(await text(["--date=2026-06-11", "--exchange=MCX"], files)).toContain("state mourning");
    expect(await text(["--date=2027-10-29", "--exchange=NFO"], files)).toContain("18:00-19:00");
    const overview = await text(["--exchange=NSE"], files);
    expect(overview).toContain("config/calendars/NSE.json, as of 2026-06-01: a circular");
    expect(overview).toContain("No problems in config/calendars/MCX.json, config/calendars/NSE.json");
    expect(overview).toContain(
      "Warning: config/calendars/NSE.json: closed.2026-12-25 repeats what is known (built in); leave it out",
    );
  });

  it("prints the same as JSON", async () => {
    const json = async (...args: ReadonlyArray<string>) => JSON.parse(await text([...args, "--json"]));
    const overview = await json("--exchange=NSE");
    expect(overview.exchanges[0]).toMatchObject({
      exchange: "NSE",
      from: "1997-01-01",
      to: "2026-12-31",
      counts: { closed: 402, open: 5, special: 37 },
    });
    expect(overview.warnings).toEqual([]);
    const year = await json("--exchange=NYSE", "--year=2024");
    expect(year.exchanges[0].sessions).toBe(252);
    expect(year.exchanges[0].days).toContainEqual({
      day: "2024-07-03",
      kind: "special",
      name: "early close, Independence Day",
      hours: "09:30-13:00",
    });
    expect((await json("--exchange=NYSE", "--date=2024-07-03")).exchanges[0]).toMatchObject({
      trades: true,
      periods: [{ from: "2024-07-03T13:30:00.000Z", to: "2024-07-03T17:00:00.000Z" }],
    });
  });

  it("suggests the exchange that was meant", async () => {
    expect((await shown(["--exchange=NES,nse"])).problems).toEqual([
      '--exchange=NES: there is no calendar of NES; did you mean "NSE"?',
    ]);
    expect((await shown(["--exchange=XETRA"])).problems).toEqual([
      "--exchange=XETRA: there is no calendar of XETRA; there is BFO, BSE, NASDAQ, NFO, NSE, NYSE; " +
      "add your own in config/calendars/",
    ]);
  });

  it("refuses the user's files with all that is wrong with them", async () => {
    const { problems } = await shown([], {
      "config/calendars/A.json": '{ "exchange": ',
      "config/calendars/B.json": { exchange: "B", ...source, closed: { "2027-02-30": "x" }, holidays: {} },
      "config/calendars/C.json": { exchange: "C", ...source, closed: { "2027-02-30": "x" } },
    });
    expect(problems).toEqual([
      "config/calendars/A.json is no JSON: line 1, column 15: expected a value",
      'config/calendars/B.json: unknown key "holidays"; known are exchange, name, timeZone, source, asOf, from, to, ' +
      "like, weekend, hours, closed, open, special, notes",
      "config/calendars/C.json: closed.2027-02-30: there is no day 2027-02-30; correct it",
    ]);
    expect(
      (await shown([], { "config/calendars/D.json": { exchange: "D", ...source, like: "E" } })).problems,
    ).toEqual([
      "config/calendars/D.json: like: there is no calendar of E; there is BFO, BSE, NASDAQ, NFO, NSE, NYSE",
    ]);
    expect((await shown([], { "config/calendars": "a file" })).problems[0]).toMatch(
      /^config\/calendars\/ cannot be read: /,
    );
    expect((await shown([], { "config/calendars/F.json/x": "a folder" })).problems[0]).toMatch(
      /^config\/calendars\/F\.json cannot be read: /,
    );
  });
});

describe("the calendars of a run", () => {
  it("are those that come with the program, where the user has none", async () => {
    using project = temporaryFolder();
    const { exchanges, of } = await Effect.runPromise(calendarsOf(project.path));
    expect(exchanges).toContain("NSE");
    expect((await Effect.runPromise(of("NSE")))?.layers.length).toBe(1);
  });

  it("have the user's days on top", async () => {
    using project = temporaryFolder({
      "config/calendars/mine.json": {
        exchange: "NSE",
        ...source,
        closed: { "2026-06-11": "state mourning" },
      },
      "config/calendars/new.json": { exchange: "MCX", ...source, like: "NSE" },
    });
    const { exchanges, of } = await Effect.runPromise(calendarsOf(project.path));
    expect(exchanges).toContain("MCX");
    for (const exchange of ["NSE", "NFO", "MCX"]) {
      expect((await Effect.runPromise(of(exchange)))?.closedFor("2026-06-11")).toBe("state mourning");
    }
  });
});
