import { expect } from "@effect/vitest";
import { Effect } from "effect";
import { priceDataset, prices } from "../sink/subject.ts";
import { counts, refusal, type Topic } from "./subject.ts";

const [left, right, other] = [priceDataset("left"), priceDataset("right"), priceDataset("other")];

export const truncateTopic: Topic = (test, subject) => {
  test("U30: the tables named are empty, the others as they were, and the rows removed are told", ({ keep, rows, status, write }) =>
    Effect.gen(function* () {
      for (const [dataset, count] of [[left, 30], [right, 0], [other, 5]] as const) {
        yield* write(dataset, prices("s", count));
      }
      expect(yield* keep((keeper) => keeper.truncate([left.name, right.name]))).toEqual({
        left: 30,
        right: 0,
      });
      expect(counts(yield* status)).toEqual({ left: 0, other: 5, right: 0 });
      expect(yield* rows(other)).toEqual(prices("s", 5));
    }));

  test("U31: a table that the sink did not make is refused by name, and nothing is removed", ({ keep, ownTable, status, write }) =>
    Effect.gen(function* () {
      yield* ownTable.make;
      const before = yield* ownTable.rows;
      yield* write(left, prices("s", 3));
      const error = yield* refusal(
        subject,
        keep((keeper) => keeper.truncate([left.name, "nobody_made_this"])),
        "schema",
      );
      expect(error.message).toContain("nobody_made_this");
      expect(counts(yield* status)).toEqual({ left: 3 });
      expect(yield* ownTable.rows).toEqual(before);
    }));

  test("U32: an emptied table takes rows as before", ({ keep, rows, write }) =>
    Effect.gen(function* () {
      yield* write(left, prices("s", 3));
      yield* keep((keeper) => keeper.truncate([left.name]));
      yield* write(left, prices("t", 2));
      expect(yield* rows(left)).toEqual(prices("t", 2));
    }));

  test("U33: what is emptied stands in the backups made before", ({ backup, keep, restore, rows, write }) =>
    Effect.gen(function* () {
      yield* write(left, prices("s", 3));
      const made = yield* backup;
      yield* keep((keeper) => keeper.truncate([left.name]));
      expect((yield* keep(({ backups }) => backups)).map(({ name }) => name)).toEqual([made.name]);
      yield* restore(made);
      expect(yield* rows(left)).toEqual(prices("s", 3));
    }));
};
