import { instrumentDumps, instrumentHistory, instrumentMaster, type Sink, Where } from "@candlewick/core";
import { Effect } from "effect";
import { join } from "node:path";
import { kite } from "../e2e/recordings.ts";
import { openSink, openSource, runDag, sandboxProcess } from "../e2e/workspace.ts";
import { floorOf, type StoreId } from "./floor.ts";
import { median, millis, peakMemory, type Result } from "./result.ts";
import { instrumentScripts } from "./scripts.ts";

const ROUNDS = 7;
const DATE = "2019-10-25";
const ROWS = 64_363;

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const began = performance.now();
    yield* effect;
    return performance.now() - began;
  });

const sandbox = sandboxProcess("kite-sandbox", ["--replay", kite, "--date", DATE, "--no-limits"]);

/** Loads the dump once and tells the memory that took: a store that holds it already is loaded over. */
export const loadOnce = (store: StoreId) => (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink(store, directory);
    yield* runDag("instruments", {}, { source: yield* openSource("kite", yield* sandbox, "none"), sink });
    return peakMemory();
  }));

/** Loads the dump again and again, into new stores or over itself, in turn with the floor. */
export const instruments = (store: StoreId, which: "first" | "unchanged") => (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const source = yield* openSource("kite", yield* sandbox, "none");
    const load = (sink: Sink.Sink["Service"]) => runDag("instruments", {}, { source, sink });
    const csv = join(kite, "instruments", `${DATE}.csv`);
    const { merge, prepare, truncate } = instrumentScripts[store];

    const sink = yield* openSink(store, directory);
    yield* load(sink);
    const floor = yield* floorOf(store, sink, directory);
    if (floor !== undefined) yield* Effect.andThen(floor.run(prepare), floor.run(merge(csv)));
    const { dumps, history, master } = {
      master: instrumentMaster(source.info),
      history: instrumentHistory(source.info),
      dumps: instrumentDumps(source.info),
    };
    const empty = Effect.gen(function* () {
      if (floor !== undefined && truncate !== undefined) yield* floor.run(truncate);
      else for (const dataset of [master, history, dumps]) yield* sink.replace(dataset, Where.all, []);
      if (floor !== undefined) yield* floor.run(prepare);
    });

    const ours: Array<number> = [];
    const floors: Array<number> = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (which === "first") yield* empty;
      ours.push(yield* timed(load(sink)));
      if (floor !== undefined) floors.push(yield* floor.time(merge(csv)));
    }
    const ratio = floors.length === 0 ? undefined : median(ours.map((one, round) => one / floors[round]!));
    const name = floor?.name ?? "psql";
    return {
      name: `${store}: ${
        which === "first" ? `instruments, ${ROWS} rows, first load` : "the same dump again, nothing changed"
      }`,
      target: `at most 1.5 x ${name}`,
      measured: millis(median(ours)),
      floor: floors.length === 0 ? `${name} not found` : `${name} ${millis(median(floors))}`,
      ratio: ratio === undefined ? "-" : `${ratio.toFixed(2)} x`,
      holds: ratio === undefined ? undefined : ratio <= 1.5,
    } satisfies Result;
  }));
