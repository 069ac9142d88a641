import { PluginError } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { Deferred, Effect, Fiber, Result } from "effect";
import { errorsBy, type StoreFailure } from "./errors.ts";
import { refusalsBy } from "./Job.ts";
import { StoreSession } from "./StoreSession.ts";
import { joining } from "./transactions.ts";

const errors = errorsBy("store");

/** A connection that notes what it is sent. */
class Noting extends StoreSession<Array<string>, StoreFailure> {
  readonly log: Array<string>;

  constructor(log: Array<string> = []) {
    super(log, errors);
    this.log = log;
  }

  commit() {
    return this.end((log) => Effect.sync(() => void log.push("commit")));
  }

  rollback() {
    return this.end((log) => Effect.sync(() => void log.push("rollback")));
  }
}

const { finish, join } = joining<Noting>(errors);

const noting = (statement: string) =>
  join(
    "note",
    (session) => session.use("note", (log) => Effect.sync(() => void log.push(statement))),
    Effect.die("outside"),
  );

const refused = join(
  "refuse",
  (session) => session.use("refuse", () => Effect.fail<StoreFailure>({ fault: "capacity", message: "full" })),
  Effect.die("outside"),
);

const inTransaction = Effect.fnUntraced(function* <A, E>(body: Effect.Effect<A, E>) {
  const session = new Noting();
  const result = yield* Effect.result(finish("whole", session, body));
  return { result, session, log: session.log };
});

const messageOf = (result: Result.Result<unknown, unknown>): string =>
  Result.isFailure(result) && PluginError.isPluginError(result.failure) ? result.failure.message : "";

describe("a transaction", () => {
  it.effect("is found by its parts, and committed", () =>
    Effect.gen(function* () {
      const { log, result } = yield* inTransaction(Effect.as(noting("one"), 7));
      expect(result).toEqual(Result.succeed(7));
      expect(log).toEqual(["one", "commit"]);
    }));

  it.effect("is rolled back when it fails", () =>
    Effect.gen(function* () {
      const { log, result } = yield* inTransaction(Effect.andThen(noting("one"), Effect.fail("mine")));
      expect(result).toEqual(Result.fail("mine"));
      expect(log).toEqual(["one", "rollback"]);
    }));

  it.effect("commits nothing when a part failed, whatever its caller made of that", () =>
    Effect.gen(function* () {
      const { log, result } = yield* inTransaction(
        Effect.andThen(Effect.ignore(refused), Effect.ignore(noting("two"))),
      );
      expect(log).toEqual(["rollback"]);
      expect(messageOf(result)).toContain("store: whole: nothing was committed");
      expect(messageOf(result)).toContain("store: refuse: full");
      expect(result).toMatchObject({ failure: { reason: { _tag: "Store", fault: "capacity" } } });
    }));

  it.effect("is lost with a part that was given up", () =>
    Effect.gen(function* () {
      const { log, result } = yield* inTransaction(Effect.gen(function* () {
        const begun = yield* Deferred.make<void>();
        const part = join("part", () =>
          Effect.andThen(Deferred.succeed(begun, undefined), Effect.never), Effect.never);
        const fiber = yield* Effect.forkChild(part);
        yield* Deferred.await(begun);
        yield* Fiber.interrupt(fiber);
      }));
      expect(log).toEqual(["rollback"]);
      expect(messageOf(result)).toContain("part: it failed or was given up");
    }));

  it.effect("cannot be used once it has ended", () =>
    Effect.gen(function* () {
      const { log, session } = yield* inTransaction(Effect.void);
      const late = yield* Effect.result(session.use("late", () => Effect.void));
      expect(messageOf(late)).toBe("store: late: the transaction it belongs to has ended");
      expect(log).toEqual(["commit"]);
    }));

  it.effect("is its own sink's: another's parts begin one of their own", () =>
    Effect.gen(function* () {
      const other = joining<Noting>(errors);
      const alone = other.join("other", () => Effect.succeed("inside"), Effect.succeed("alone"));
      expect((yield* inTransaction(alone)).result).toEqual(Result.succeed("alone"));
      expect(yield* other.finish("whole", new Noting(), alone)).toBe("inside");
    }));
});

describe("rows that are refused", () => {
  const { placeOf, refuseOutside, refuseRepeated } = refusalsBy(
    (fault, message) => ({ fault, message }),
    (_, { id }) => `id=${id}`,
  );
  const dataset = { name: "t", description: "", columns: {}, key: ["id"], indexes: [] };

  it("are named by their keys", () => {
    expect(refuseOutside(dataset, { id: 1 })).toEqual({
      fault: "constraint",
      message: "row (id=1) of t: it lies outside the slice to replace",
    });
    expect(refuseRepeated(dataset, "id=1").message).toBe("key (id=1) of t comes twice in the given rows");
    expect(placeOf(dataset, undefined)).toBe("t");
  });
});
