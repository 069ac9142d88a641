import { expect } from "@effect/vitest";
import { Effect, Exit, Fiber } from "effect";
import type { Backup } from "../../Keeper.ts";
import { priceDataset, prices } from "../sink/subject.ts";
import type { Topic } from "./subject.ts";

const dataset = priceDataset("backed_up");
const empty = priceDataset("without_rows");

/** Milliseconds after which a backup is interrupted: whenever that is, it is listed whole or not at all. */
const MOMENTS = [0, 1, 3, 10, 30, 100];

export const backupTopic: Topic = (test) => {
  test("U10: a backup tells its name, which begins with the time, its place, its size and the rows of each table", ({ keep, run, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 321));
      yield* run((sink) => sink.ensure(empty));
      const before = Date.now();
      const made = yield* keep(({ backup }) => backup);
      const after = Date.now();
      expect(made.tables).toEqual({ [dataset.name]: 321, [empty.name]: 0 });
      expect(made.madeAt).toBeGreaterThanOrEqual(before);
      expect(made.madeAt).toBeLessThanOrEqual(after);
      const stamp = new Date(made.madeAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
      expect(made.name.startsWith(`${stamp}Z`), made.name).toBe(true);
      expect(made.path).not.toBe("");
      expect(made.bytes).toBeGreaterThan(0);
    }));

  test("U11: backups are listed the newest first, as they were told when they were made, and their names sort by time", ({ backup, keep, write }) =>
    Effect.gen(function* () {
      const made: Array<Backup> = [];
      for (const count of [1, 2, 3, 4]) {
        yield* write(dataset, prices("s", count));
        made.unshift(yield* backup);
      }
      expect(yield* keep(({ backups }) => backups)).toEqual(made);
      const names = made.map(({ name }) => name);
      expect(new Set(names).size).toBe(4);
      expect(names.toSorted().reverse()).toEqual(names);
    }));

  test("U12: a backup changes nothing in the store", ({ backup, rows, status, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 50));
      const before = (yield* status).tables.map(({ name, rows }) => [name, rows]);
      yield* backup;
      expect((yield* status).tables.map(({ name, rows }) => [name, rows])).toEqual(before);
      expect(yield* rows(dataset)).toEqual(prices("s", 50));
    }));

  test("U13: a store without tables can be backed up", ({ backup, keep }) =>
    Effect.gen(function* () {
      const made = yield* backup;
      expect(made.tables).toEqual({});
      expect(yield* keep(({ backups }) => backups)).toEqual([made]);
    }));

  test("U14: a backup that is interrupted is not listed, and the next one is whole", ({ backup, keep, rows, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 20_000));
      const whole: Array<Backup> = [];
      for (const moment of MOMENTS) {
        const exit = yield* keep((keeper) =>
          Effect.gen(function* () {
            const fiber = yield* Effect.forkChild(keeper.backup);
            yield* Effect.sleep(moment);
            yield* Fiber.interrupt(fiber);
            return yield* Effect.exit(Fiber.join(fiber));
          })
        );
        if (Exit.isSuccess(exit)) whole.unshift(exit.value);
        expect(yield* keep(({ backups }) => backups)).toEqual(whole);
      }
      const made = yield* backup;
      expect(made.tables).toEqual({ [dataset.name]: 20_000 });
      expect(yield* keep(({ backups }) => backups)).toEqual([made, ...whole]);
      expect((yield* rows(dataset)).length).toBe(20_000);
    }));
};
