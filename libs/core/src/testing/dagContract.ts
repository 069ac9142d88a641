import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit } from "effect";
import { Invalid, isPluginError, PluginError, type Reason, Store, Unauthorized } from "../PluginError.ts";
import type { RunSummary } from "../RunSummary.ts";
import type { Settings } from "../Setting.ts";
import type { PretendRequest } from "./pretendSource.ts";
import { type DagSubject, makeBench, type Ran, unitOf } from "./dag/subject.ts";

const TIMEOUT = 30_000;
/** Most places in a run at which it is cut off. */
const CUTS = 60;

const failed = (reason: Reason) => new PluginError({ plugin: "pretend", operation: "contract", reason });

const summaryOf = ({ exit }: Ran<RunSummary>): RunSummary =>
  Exit.isSuccess(exit) ? exit.value : expect.unreachable(`the run failed: ${String(exit)}`);

const reasonOf = ({ exit }: Ran<unknown>): Reason | undefined => {
  const error = Exit.isFailure(exit)
    ? exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    : undefined;
  return isPluginError(error) ? error.reason : undefined;
};

const unitsOf = (requests: ReadonlyArray<PretendRequest>): ReadonlySet<string> =>
  new Set(requests.map(unitOf).filter((unit) => unit !== undefined));

/** `count` numbers or fewer, spread evenly from 0 below `end`. */
const spread = (end: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: Math.min(end, count) }, (_, i) => Math.floor(i * end / Math.min(end, count)));

const sizes = (contents: Readonly<Record<string, ReadonlyArray<unknown>>>) =>
  Object.fromEntries(Object.entries(contents).map(([name, rows]) => [name, rows.length]));

/**
 * Declares the suite that every DAG must pass: the lines of `docs/contract.md` whose numbers begin with D, with
 * a store in memory and a source that fails on demand.
 */
export const dagContract = <S extends Settings>(subject: DagSubject<S>): void => {
  const test = (title: string, body: () => Effect.Effect<void>) => it.effect(title, body, TIMEOUT);

  /** What an undisturbed run asks for and leaves behind. */
  const undisturbed = Effect.gen(function* () {
    const bench = yield* makeBench(subject);
    const ran = yield* bench.run();
    expect(summaryOf(ran).outcome).toBe("done");
    return { ...ran, contents: bench.contents(), written: bench.sink.written() };
  });

  /** Runs again without interference, and expects what an undisturbed run leaves. */
  const mends = Effect.fnUntraced(function* (
    bench: Effect.Success<ReturnType<typeof makeBench>>,
    contents: ReturnType<typeof bench.contents>,
    what: string,
  ) {
    const again = yield* bench.run();
    expect(summaryOf(again).outcome, what).toMatch(/^(done|nothing)$/);
    expect(bench.contents(), what).toEqual(contents);
  });

  describe(`DAG contract: ${subject.name}`, () => {
    test("D1: it describes itself and each of its parameters", () =>
      Effect.sync(() => {
        const { after, id, parameters, summary } = subject.plugin;
        expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
        expect(summary).not.toBe("");
        expect(after).not.toContain(id);
        for (const [key, parameter] of Object.entries(parameters)) {
          expect(parameter.description, key).not.toBe("");
        }
      }));

    test("D2: a plan asks the vendor for nothing and writes no row", () =>
      Effect.gen(function* () {
        const bench = yield* makeBench(subject);
        const before = bench.sink.written();
        const { exit, operations, requests } = yield* bench.plan;
        expect(Exit.isSuccess(exit) && exit.value.headline).toBeTruthy();
        expect(requests).toEqual([]);
        expect(bench.sink.written()).toBe(before);
        expect(operations.filter(({ kind }) => kind === "upsert" || kind === "replace")).toEqual([]);
      }));

    test("D3: the plan's number of requests is the number that the run sends", () =>
      Effect.gen(function* () {
        const bench = yield* makeBench(subject);
        const { exit } = yield* bench.plan;
        const { requests } = yield* bench.run();
        expect(Exit.isSuccess(exit) && exit.value.requests).toBe(requests.length);
      }));

    test("D4: a run that ended well leaves nothing to do", () =>
      Effect.gen(function* () {
        const bench = yield* makeBench(subject);
        expect(summaryOf(yield* bench.run()).outcome).toBe("done");
        const contents = bench.contents();
        expect(summaryOf(yield* bench.run()).outcome).toBe("nothing");
        expect(bench.contents()).toEqual(contents);
      }));

    test("D5: its summary can be checked: a headline, and counts that are whole numbers", () =>
      Effect.gen(function* () {
        const { counts, failures, headline } = summaryOf(yield* undisturbed);
        expect(headline).not.toBe("");
        expect(Object.keys(counts).length).toBeGreaterThan(0);
        for (const count of Object.values(counts)) {
          expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
        }
        expect(failures).toEqual([]);
      }));

    test("D6: the size of the store's batches makes no difference", () =>
      Effect.gen(function* () {
        const { contents } = yield* undisturbed;
        const bench = yield* makeBench(subject, 1);
        yield* bench.run();
        expect(bench.contents()).toEqual(contents);
      }));

    for (const [how, cut] of [["dies", Effect.die("cut")], ["is interrupted", Effect.interrupt]] as const) {
      test(`D7: a run that ${how} at any operation of the store is mended by the next`, () =>
        Effect.gen(function* () {
          const { contents, operations } = yield* undisturbed;
          for (const at of spread(operations.length, CUTS)) {
            const bench = yield* makeBench(subject);
            const { exit } = yield* bench.run({
              operation: (_, before) => before === at ? cut : Effect.void,
            });
            expect(Exit.isFailure(exit), `cut at ${at}`).toBe(true);
            yield* mends(bench, contents, `cut at operation ${at}, ${operations[at]!.kind}`);
          }
        }));

      test(`D8: a run that ${how} at any request is mended by the next`, () =>
        Effect.gen(function* () {
          const { contents, requests } = yield* undisturbed;
          for (const at of spread(requests.length, CUTS)) {
            const bench = yield* makeBench(subject);
            yield* bench.run({ request: (_, before) => before === at ? cut : Effect.void });
            yield* mends(bench, contents, `cut at request ${at}`);
          }
        }));
    }

    const failing = (unit: string) => ({
      request: (request: PretendRequest) =>
        unitOf(request) === unit
          ? Effect.fail(failed(new Invalid({ message: "no such unit" })))
          : Effect.void,
    });

    if (subject.allOrNothing) {
      test("D9: a job that is a single unit fails with its request, and stores nothing", () =>
        Effect.gen(function* () {
          const { contents, requests } = yield* undisturbed;
          for (const unit of unitsOf(requests)) {
            const bench = yield* makeBench(subject);
            const before = bench.sink.written();
            const ran = yield* bench.run(failing(unit));
            expect(reasonOf(ran)?._tag, unit).toBe("Invalid");
            expect(bench.sink.written(), unit).toBe(before);
            yield* mends(bench, contents, unit);
          }
        }));
    } else {
      test("D9: a unit that fails is named and does not stop the others", () =>
        Effect.gen(function* () {
          const { contents, requests } = yield* undisturbed;
          const units = unitsOf(requests);
          expect(units.size, "the market has work for two units or more").toBeGreaterThan(1);
          for (const unit of units) {
            const bench = yield* makeBench(subject);
            const ran = yield* bench.run(failing(unit));
            const { failures, outcome } = summaryOf(ran);
            expect(outcome, unit).toBe("partial");
            expect(failures.map((failure) => failure.reason), unit).toEqual(["Invalid"]);
            expect(unitsOf(ran.requests), unit).toEqual(units);
            yield* mends(bench, contents, unit);
          }
        }));
    }

    test("D10: when every unit fails the run has failed, and stores nothing of them", () =>
      Effect.gen(function* () {
        const { contents, requests } = yield* undisturbed;
        // A job that sends no request of its own has no unit that could fail.
        if (unitsOf(requests).size === 0) return;
        const bench = yield* makeBench(subject);
        const before = bench.contents();
        const ran = yield* bench.run({
          request: (request) =>
            unitOf(request) === undefined
              ? Effect.void
              : Effect.fail(failed(new Invalid({ message: "nothing" }))),
        });
        expect(Exit.isSuccess(ran.exit) ? ran.exit.value.outcome : reasonOf(ran)?._tag).toMatch(
          /^(failed|Invalid)$/,
        );
        for (const [name, rows] of Object.entries(before)) expect(bench.contents()[name], name).toEqual(rows);
        yield* mends(bench, contents, "after a run in which all failed");
      }));

    test("D11: refused credentials end the run as Unauthorized, wherever they are refused", () =>
      Effect.gen(function* () {
        const { contents, requests } = yield* undisturbed;
        const refused = failed(new Unauthorized({ message: "token expired", hint: "log in" }));
        for (const at of spread(requests.length, CUTS)) {
          const bench = yield* makeBench(subject);
          const ran = yield* bench.run({
            request: (_, before) => before >= at ? Effect.fail(refused) : Effect.void,
          });
          expect(reasonOf(ran)?._tag, `refused at request ${at}`).toBe("Unauthorized");
          yield* mends(bench, contents, `refused at request ${at}`);
        }
      }));

    test("D12: a store that is away or full ends the run as that, and the next run finishes the work", () =>
      Effect.gen(function* () {
        const { contents, operations } = yield* undisturbed;
        for (const fault of ["connection", "capacity"] as const) {
          const gone = failed(new Store({ message: "gone", fault }));
          for (const at of spread(operations.length, CUTS)) {
            const bench = yield* makeBench(subject);
            const ran = yield* bench.run({
              operation: (_, before) => before >= at ? Effect.fail(gone) : Effect.void,
            });
            expect(reasonOf(ran), `${fault} at operation ${at}`).toMatchObject({ _tag: "Store", fault });
            yield* bench.run();
            // Times differ where the failed run waited before it tried again.
            expect(sizes(bench.contents()), `${fault} at operation ${at}`).toEqual(sizes(contents));
          }
        }
      }));
  });
};
