import { Calendar } from "@candlewick/core";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workspace } from "../../e2e/workspace.ts";
import { plain } from "../display/Style.ts";
import { temporaryFolder } from "../testing/folders.ts";
import { calendarCommand } from "./Command.ts";

const page = readFileSync(join(workspace, "docs/calendar.md"), "utf8");

const examples = Array.from(page.matchAll(/```json\n([\s\S]*?)```/g), ([, text = ""]) => text);
const outputOf = (command: string) =>
  page.split(`$ npx nx run runner:calendar ${command}\n`)[1]?.split("```")[0];

const shown = async (args: ReadonlyArray<string>, files: ReadonlyArray<string>): Promise<string> => {
  using project = temporaryFolder(
    Object.fromEntries(files.map((text) => [`config/calendars/${JSON.parse(text).exchange}.json`, text])),
  );
  const written: Array<string> = [];
  await Effect.runPromise(
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-06-10T12:00:00Z"));
      yield* calendarCommand({ folder: project.path }, ["calendar", ...args], {
        out: (text) => written.push(text),
        paintOut: plain,
      });
    }).pipe(Effect.provide(TestClock.layer())),
  );
  return written.join("");
};

describe("the page on calendars", () => {
  it("has examples without a problem or a doubt", async () => {
    expect(examples.length).toBe(3);
    const overview = await shown([], examples);
    for (const exchange of ["NSE", "LSE", "CDS"]) {
      expect(overview).toMatch(new RegExp(`No problems in .*config/calendars/${exchange}\\.json`));
    }
    expect(overview).not.toContain("Warning");
  });

  it("shows what the first of them gives", async () => {
    const command = "--exchange=NSE --year=2027";
    expect(await shown(command.split(" "), examples.slice(0, 1))).toBe(outputOf(command));
  });

  it("names every key", () => {
    const keys = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => key)
    );
    expect(keys.sort()).toEqual(Object.keys(Calendar.CalendarFile.fields).sort());
  });
});
