import { Effect, Ref } from "effect";
import { isFatal, type PluginError } from "./PluginError.ts";
import { emit } from "./RunEvent.ts";
import type { UnitFailure } from "./RunSummary.ts";

export interface UnitsOutcome<S> {
  readonly done: number;
  readonly failures: ReadonlyArray<UnitFailure>;
  /** The results of all that were done, folded. */
  readonly state: S;
}

/**
 * Works through many units with bounded concurrency. One unit's failure never stops the rest; a failure that
 * every other unit would share (not authorised, store away or full) stops all at once and is the failure of
 * the whole, with what was done before kept in the store.
 */
export const forEachUnit = <Item, A, S, R>(
  items: ReadonlyArray<Item>,
  options: {
    /** What an item is, in the plural, for progress: `instruments`. */
    readonly unit: string;
    readonly key: (item: Item) => string;
    readonly concurrency: number;
    readonly run: (item: Item) => Effect.Effect<A, PluginError, R>;
    readonly initial: S;
    readonly fold: (state: S, result: A, item: Item) => S;
    /** Records rejected so far, for progress. */
    readonly rejected?: (state: S) => number;
    /** False when `run` publishes finer progress of its own. */
    readonly progress?: false;
  },
): Effect.Effect<UnitsOutcome<S>, PluginError, R> =>
  Effect.gen(function* () {
    const outcome = yield* Ref.make<UnitsOutcome<S>>({ done: 0, failures: [], state: options.initial });

    const progress = (current?: string) =>
      options.progress === false ? Effect.void : Effect.flatMap(Ref.get(outcome), (now) =>
        emit((at) => ({
          _tag: "Progress",
          ...at,
          unit: options.unit,
          done: now.done,
          total: items.length,
          failed: now.failures.length,
          rejected: options.rejected?.(now.state) ?? 0,
          ...(current === undefined ? {} : { current }),
        })));

    const one = Effect.fnUntraced(function* (item: Item) {
      const unit = options.key(item);
      yield* Effect.matchEffect(options.run(item), {
        onSuccess: (result) =>
          Ref.update(outcome, (now) => ({
            done: now.done + 1,
            failures: now.failures,
            state: options.fold(now.state, result, item),
          })),
        onFailure: Effect.fnUntraced(function* (error: PluginError) {
          if (isFatal(error.reason)) return yield* error;
          const failure: UnitFailure = { unit, reason: error.reason._tag, message: error.message };
          yield* Ref.update(outcome, (now) => ({ ...now, failures: [...now.failures, failure] }));
          yield* emit((at) => ({ _tag: "UnitFailed", ...at, ...failure }));
        }),
      });
      yield* progress(unit);
    });

    yield* progress();
    yield* Effect.forEach(items, one, { concurrency: options.concurrency, discard: true });
    return yield* Ref.get(outcome);
  });
