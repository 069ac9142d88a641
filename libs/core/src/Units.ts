import { Effect } from "effect";
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
  Effect.suspend(() => {
    // Plain variables: copying all failures for each further one would be quadratic.
    const failures: Array<UnitFailure> = [];
    let done = 0;
    let state = options.initial;

    const progress = (current?: string) =>
      options.progress === false ? Effect.void : emit((at) => ({
        _tag: "Progress",
        ...at,
        unit: options.unit,
        done,
        total: items.length,
        failed: failures.length,
        rejected: options.rejected?.(state) ?? 0,
        ...(current === undefined ? {} : { current }),
      }));

    const one = Effect.fnUntraced(function* (item: Item) {
      const unit = options.key(item);
      yield* Effect.matchEffect(options.run(item), {
        onSuccess: (result) =>
          Effect.sync(() => {
            done++;
            state = options.fold(state, result, item);
          }),
        onFailure: Effect.fnUntraced(function* (error: PluginError) {
          if (isFatal(error.reason)) return yield* error;
          const failure: UnitFailure = { unit, reason: error.reason._tag, message: error.message };
          failures.push(failure);
          yield* emit((at) => ({ _tag: "UnitFailed", ...at, ...failure }));
        }),
      });
      yield* progress(unit);
    });

    return progress().pipe(
      Effect.andThen(Effect.forEach(items, one, { concurrency: options.concurrency, discard: true })),
      Effect.map(() => ({ done, failures, state })),
    );
  });
