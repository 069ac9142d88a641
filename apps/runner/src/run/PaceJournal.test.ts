import { Source } from "@candlewick/core";
import { Effect, Logger } from "effect";
import { TestClock } from "effect/testing";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/folders.ts";
import { paceJournal } from "./PaceJournal.ts";

const NOW = Date.UTC(2026, 0, 2);
const HOUR = 3_600_000;

const journalIn = (state: string, kind = "candles") =>
  paceJournal(state, "vendor", kind, [Source.perSecond(3), Source.perHour(5_000)]);

const at = async <A>(effect: Effect.Effect<A>) => {
  const said: Array<string> = [];
  const value = await Effect.runPromise(
    Effect.andThen(TestClock.setTime(NOW), effect).pipe(
      Effect.provide(TestClock.layer()),
      Effect.provideService(
        Logger.CurrentLoggers,
        new Set([Logger.make((log) => said.push(String(log.message)))]),
      ),
    ),
  );
  return { value, said };
};

describe("the journal of requests", () => {
  it("gives the next process what this one noted, by source and kind", async () => {
    using folder = temporaryFolder();
    const candles = journalIn(folder.path);
    await at(Effect.andThen(candles.past, Effect.forEach([NOW - 2_000, NOW - 1_000], candles.note)));
    const next = (kind: string) => at(journalIn(folder.path, kind).past);
    expect((await next("candles")).value).toEqual([NOW - 2_000, NOW - 1_000]);
    expect((await next("instruments")).value).toEqual([]);
  });

  it("leaves out what is old or no time, also a line that a killed process left half-written", async () => {
    using folder = temporaryFolder();
    const journal = journalIn(folder.path);
    await at(journal.past);
    const path = join(folder.path, "pace/vendor-candles.log");
    writeFileSync(path, `${NOW - 2 * HOUR - 1}\n${NOW}\nx\n${NOW - 5}\n17${""}0`);
    expect((await at(journal.past)).value).toEqual([NOW - 5, NOW]);
  });

  it("does not grow without end", async () => {
    using folder = temporaryFolder();
    const journal = journalIn(folder.path);
    await at(journal.past);
    const path = join(folder.path, "pace/vendor-candles.log");
    writeFileSync(path, `${NOW - 3 * HOUR}\n`.repeat(100_000) + `${NOW}\n`);
    expect((await at(journal.past)).value).toEqual([NOW]);
    expect(readFileSync(path, "utf8")).toBe(`${NOW}\n`);
  });

  it("that cannot be kept is said once, and the run goes on", async () => {
    using folder = temporaryFolder({ pace: "a file where the folder should be" });
    const journal = journalIn(folder.path);
    const { said, value } = await at(
      Effect.tap(journal.past, () => Effect.andThen(journal.note(NOW), journal.note(NOW))),
    );
    expect(value).toEqual([]);
    expect(said.length).toBe(1);
    expect(said[0]).toContain("may ask too often");
  });
});
