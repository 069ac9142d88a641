import { type Candle, type PluginError, RangeSet } from "@candlewick/core";
import { Effect } from "effect";
import { between } from "./between.ts";
import { judge, type Judgement, type Pair } from "./judgement.ts";

/**
 * The windows of a range reach into each other a little, and an answer is believed when its neighbour agrees: an
 * empty answer where data exists, another instrument's candles, or an adjustment between two requests do not pass.
 */

/** The answer to one window, with what it says of the stored candles in it. */
export interface Answered {
  readonly batch: Candle.CandleBatch;
  readonly judgement: Judgement;
}

export type Restated = Extract<Judgement, { _tag: "Restated" }>;

/** How two neighbours agree where they reach into each other. */
export type Agreement = "same" | "former lacks" | "latter lacks" | "different" | Restated;

/**
 * Compares two answers where their windows meet. One that has less than half of the other's candles lacks them; what
 * may still change is not compared.
 */
export const agreementOf = (
  former: ReadonlyArray<Candle.Candle>,
  latter: ReadonlyArray<Candle.Candle>,
  zone: RangeSet.Range,
  settled: number,
): Agreement => {
  const final = RangeSet.of(zone.from, Math.min(zone.to, settled));
  const before = between(former, final);
  const after = between(latter, final);
  const byTime = new Map(after.map((candle) => [candle.ts, candle]));
  const pairs = before.flatMap((stored): ReadonlyArray<Pair> => {
    const answered = byTime.get(stored.ts);
    return answered === undefined ? [] : [{ stored, answered }];
  });
  if (pairs.length * 2 < before.length) return "latter lacks";
  if (pairs.length * 2 < after.length) return "former lacks";
  const judgement = judge(pairs, false);
  return judgement._tag === "Same" ? "same" : judgement._tag === "Restated" ? judgement : "different";
};

const CONTRADICTION: Partial<Record<Agreement & string, string>> = {
  "latter lacks": "it lacks candles that the answer to the neighbouring request has",
  different: "its candles are not those that the neighbouring request was answered with",
};

interface Joining<E, R> {
  /** Successive windows reach into each other, in the order in which they are asked for. */
  readonly windows: ReadonlyArray<RangeSet.Range>;
  /** Candles from here on, epoch ms, may change from answer to answer. */
  readonly settled: number;
  /** Whether an answer without a single candle is believed only when it is given twice. */
  readonly doubtsEmpty: boolean;
  /** Asks, again and again while the answer is not trusted; `distrust` says why, or undefined. */
  readonly ask: (
    window: RangeSet.Range,
    distrust: (batch: Candle.CandleBatch) => string | undefined,
  ) => Effect.Effect<Answered, E, R>;
  /** Takes what a window brought, once its neighbours agree. `part` is what no window before it held. */
  readonly emit: (
    part: RangeSet.RangeSet,
    answered: Answered,
  ) => Effect.Effect<void, PluginError.PluginError, R>;
}

/**
 * Asks for windows one after another and hands on what neighbours agree on. Ends early, with the rest not handed on,
 * when the history turns out restated.
 */
export const fetchJoined = Effect.fnUntraced(function* <E, R>(
  { ask, doubtsEmpty, emit, settled, windows }: Joining<E, R>,
): Effect.fn.Return<Restated | undefined, E | PluginError.PluginError, R> {
  interface Held {
    readonly window: RangeSet.Range;
    answered: Answered;
  }
  /** Windows whose answers are not handed on yet; the last waits for its neighbour. */
  let held: Array<Held> = [];
  let handed: RangeSet.RangeSet = RangeSet.empty;

  const agreement = (former: Held, window: RangeSet.Range, batch: Candle.CandleBatch): Agreement => {
    const [zone] = RangeSet.intersection([former.window], [window]);
    return zone === undefined
      ? "same"
      : agreementOf(former.answered.batch.candles, batch.candles, zone, settled);
  };
  const contradiction = (former: Held | undefined, window: RangeSet.Range, batch: Candle.CandleBatch) => {
    const found = former === undefined ? "same" : agreement(former, window, batch);
    return typeof found === "string" ? CONTRADICTION[found] : undefined;
  };

  /** Asks again for what turned out to lack candles, as far back as one answer after another shows it. */
  const mend = Effect.fnUntraced(function* (from: number) {
    for (let at = from; at > 0; at--) {
      const latter = held[at]!;
      const former = held[at - 1]!;
      if (agreement(former, latter.window, latter.answered.batch) !== "former lacks") return;
      former.answered = yield* ask(former.window, (batch) => {
        const again = agreement(
          { ...former, answered: { ...former.answered, batch } },
          latter.window,
          latter.answered.batch,
        );
        return again === "different" ? CONTRADICTION.different : undefined;
      });
    }
  });

  const hand = Effect.fnUntraced(function* (count: number) {
    for (const { answered, window } of held.slice(0, count)) {
      const part = RangeSet.difference([window], handed);
      handed = RangeSet.union(handed, [window]);
      yield* emit(part, answered);
    }
    held = held.slice(count);
  });

  for (const window of windows) {
    const former = held[held.length - 1];
    const answered = yield* Effect.catch(
      ask(window, (batch) => contradiction(former, window, batch)),
      // The first window has no other neighbour: it may be the one that is wrong.
      (error) =>
        former === undefined || handed.length > 0 || held.length > 1
          ? Effect.fail(error)
          : Effect.gen(function* () {
            former.answered = yield* ask(former.window, () => undefined);
            return yield* ask(window, (batch) => contradiction(former, window, batch));
          }),
    );
    if (answered.judgement._tag === "Restated") return answered.judgement;
    if (former !== undefined) {
      const found = agreement(former, window, answered.batch);
      if (typeof found !== "string") return found;
    }
    held.push({ window, answered });
    yield* mend(held.length - 1);
    // An empty answer may yet turn out wrong, so those before a first candle wait.
    if (answered.batch.candles.length > 0) yield* hand(held.length - 1);
  }
  const last = held[held.length - 1];
  if (
    doubtsEmpty && last !== undefined && held.every(({ answered }) => answered.batch.candles.length === 0)
  ) {
    last.answered = yield* ask(last.window, () => undefined);
    yield* mend(held.length - 1);
  }
  yield* hand(held.length);
  return undefined;
});
