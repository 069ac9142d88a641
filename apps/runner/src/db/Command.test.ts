import { type Keeper, PluginError } from "@candlewick/core";
import { memorySink } from "@candlewick/core/testing";
import { Effect, Exit, Result, type Scope } from "effect";
import { describe, expect, it } from "vitest";
import { plain } from "../display/Style.ts";
import { Refusal } from "../Refusal.ts";
import { readFlags } from "./Options.ts";
import type { Report, Work } from "./Report.ts";
import { changesOf, choose, restore } from "./Restore.ts";
import { truncate } from "./Truncate.ts";
import { ago } from "./Words.ts";

const backupOf = (
  name: string,
  tables: Readonly<Record<string, number>> = { prices: 3, gone_now: 7 },
): Keeper.Backup => ({
  name,
  path: `/backups/${name}`,
  madeAt: Date.UTC(2026, 10, 21, 10, 15),
  bytes: 4_100_000,
  tables,
});

const BACKUPS = [backupOf("20261121T101500Z"), backupOf("20261120T101500Z")];

/** A command on a store with two tables, what it showed, and what it did to the store. */
const perform = async (
  command: (work: Work) => Effect.Effect<Report, unknown, Scope.Scope>,
  args: ReadonlyArray<string>,
  person: {
    readonly answer?: string;
    readonly isThere?: boolean;
    readonly backups?: ReadonlyArray<Keeper.Backup>;
  } = {},
) => {
  const done: Array<unknown> = [];
  const said: Array<string> = [];
  const keeper: Keeper.Keeper = {
    id: "memory",
    location: "here",
    status: Effect.succeed({
      bytes: 10,
      tables: [
        { name: "kite_ohlcv_coverage", rows: 5 },
        { name: "kite_ohlcv_historic", rows: 1_000 },
        { name: "none", rows: 0 },
        { name: "prices", rows: 4 },
      ],
    }),
    backups: Effect.succeed(person.backups ?? BACKUPS),
    backup: Effect.die("not asked for"),
    restore: (backup) => Effect.sync(() => void done.push(backup.name)),
    truncate: (tables) =>
      Effect.sync(() => {
        done.push(tables);
        return Object.fromEntries(tables.map((table) => [table, 2]));
      }),
  };
  const work: Work = {
    store: {
      sink: "memory",
      data: "real",
      info: { id: "kite", timeZone: "Asia/Kolkata" } as Work["store"]["info"],
      keeper: Effect.succeed(keeper),
      open: memorySink(),
      whenFree: (effect) => effect,
    },
    flags: Result.getOrThrow(readFlags(["db", ...args])),
    person: {
      isThere: person.isThere ?? person.answer !== undefined,
      ask: (question) =>
        Effect.sync(() => {
          said.push(question);
          return person.answer ?? "";
        }),
    },
    opened: () => {},
    tell: (...lines) => void said.push(...lines),
    paint: plain,
  };
  const exit = await Effect.runPromise(Effect.exit(Effect.scoped(command(work))));
  return { exit, done, said: said.join("\n") };
};

const codeOf = ({ exit }: Awaited<ReturnType<typeof perform>>) => {
  if (Exit.isSuccess(exit)) return exit.value.code;
  const error = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error;
  return error instanceof Refusal ? error.code : PluginError.isPluginError(error) ? error.message : exit;
};

describe("db restore", () => {
  it("shows what becomes of each table and asks; yes restores the newest", async () => {
    const end = await perform(restore, ["restore"], { answer: "y" });
    expect(codeOf(end)).toBe(0);
    expect(end.done).toEqual(["20261121T101500Z"]);
    expect(end.said).toContain("Backup: 20261121T101500Z (2026-11-21 15:45 Asia/Kolkata, ");
    expect(end.said).toMatch(/gone_now +- +7 {2}is made/);
    expect(end.said).toMatch(/kite_ohlcv_historic +1,000 +- {2}is removed/);
    expect(end.said).toMatch(/prices +4 +3/);
    expect(end.said).toContain("Replace all of it? [y/N]");
  });

  it.each(["", "n", "no", "yeah"])("the answer %j changes nothing", async (answer) => {
    const end = await perform(restore, ["restore"], { answer });
    expect([codeOf(end), end.done]).toEqual([1, []]);
  });

  it("a backup can be named, and --yes asks nobody", async () => {
    const end = await perform(restore, ["restore", "20261120T101500Z", "--yes"]);
    expect([codeOf(end), end.done]).toEqual([0, ["20261120T101500Z"]]);
  });

  it("where nobody can be asked it is refused", async () => {
    const end = await perform(restore, ["restore"]);
    expect([codeOf(end), end.done]).toEqual([2, []]);
  });

  it("an unknown name is refused with those there are, and no backup at all, too", async () => {
    const unknown = await Effect.runPromise(Effect.flip(choose(BACKUPS, "20261121T101500")));
    expect(unknown.problems).toEqual([
      'there is no backup 20261121T101500 of this store; did you mean "20261121T101500Z"?',
      "its backups: 20261121T101500Z, 20261120T101500Z",
    ]);
    expect(codeOf(await perform(restore, ["restore", "--yes"], { backups: [] }))).toBe(2);
  });

  it("changes are by name, with both counts where both are there", () =>
    expect(
      changesOf({ tables: [{ name: "b", rows: 1 }, { name: "a", rows: 2 }] }, { tables: { c: 3, b: 0 } }),
    ).toEqual([
      { table: "a", before: 2, after: null },
      { table: "b", before: 1, after: 0 },
      { table: "c", before: null, after: 3 },
    ]));
});

describe("db truncate", () => {
  it("shows tables that go along, and why, and removes when yes is typed", async () => {
    const end = await perform(truncate, ["truncate", "kite_ohlcv_historic"], { answer: "yes" });
    expect(codeOf(end)).toBe(0);
    expect(end.done).toEqual([["kite_ohlcv_historic", "kite_ohlcv_coverage"]]);
    expect(end.said).toContain("kite_ohlcv_coverage: it says what was fetched into kite_ohlcv_historic");
    expect(end.said).toContain("The newest backup: 20261121T101500Z");
    expect(end.said).toContain("Type yes to remove 1,005 rows from 2 tables:");
  });

  it("a mere y is not enough", async () => {
    const end = await perform(truncate, ["truncate"], { answer: "y" });
    expect([codeOf(end), end.done]).toEqual([1, []]);
  });

  it("without names it is all tables; without a backup it suggests one", async () => {
    const end = await perform(truncate, ["truncate", "--yes"], { backups: [] });
    expect(end.done).toEqual([["kite_ohlcv_coverage", "kite_ohlcv_historic", "none", "prices"]]);
    expect(end.said).toContain("There is no backup of this store");
  });

  it("an unknown table is refused, and an empty one is none to ask about", async () => {
    expect(codeOf(await perform(truncate, ["truncate", "pricse", "--yes"]))).toBe(2);
    const end = await perform(truncate, ["truncate", "none"], { isThere: false });
    expect([codeOf(end), end.done]).toEqual([0, []]);
  });
});

it("how long ago", () => {
  expect(ago(0, 5_000)).toBe("5.0 s ago");
  expect(ago(0, 12 * 86_400_000)).toBe("12 days ago");
});
