import type { Instrument, Rejection } from "@candlewick/core";
import { Cause, Effect, Pull, Stream } from "effect";

/** Rows decoded so far, until someone takes them on. */
export interface Collected {
  readonly instruments: Array<Instrument.Instrument>;
  readonly rejected: Array<Rejection.Rejection>;
}

export const collected = (): Collected => ({ instruments: [], rejected: [] });

/** Decodes one dump, whatever its format. What it answers is what is wrong with the dump as a whole. */
export interface DumpDecoder {
  /** Rows seen, rejected ones included. */
  readonly rows: number;
  /** Takes the next bytes; the rows they complete are added to `into`. */
  push(bytes: Uint8Array, into: Collected): string | undefined;
  /** To be called after the last bytes. */
  end(into: Collected): string | undefined;
}

/**
 * Rows that travel together: enough to spread the cost of a step, few enough that a batch is gone before the
 * collector takes it for long-lived. With 4,096 a dump took a third longer and peaked 80 MB higher.
 */
const BATCH = 1_024;

const size = (batch: Collected): number => batch.instruments.length + batch.rejected.length;

/**
 * The listings in a dump as its bytes arrive, some thousand at a time. Fails with what `corrupt` makes of the
 * fault when the dump cannot be trusted, perhaps after batches that looked well: only a stream that ended may
 * be stored.
 */
export const decodeDump = <E2>(
  options: {
    readonly decoder: () => DumpDecoder;
    /** Whether no row at all is a dump: of one exchange it is. */
    readonly mayBeEmpty: boolean;
    readonly corrupt: (fault: string) => E2;
  },
) =>
<E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Instrument.InstrumentBatch, E | E2, R> =>
  Stream.transformPull(bytes, (pull) =>
    Effect.sync(() => {
      const decoder = options.decoder();
      let batch = collected();
      let isOver = false;

      const unlessFaulty = (fault: string | undefined): Effect.Effect<void, E2> =>
        fault === undefined ? Effect.void : Effect.fail(options.corrupt(fault));

      const receive = Effect.flatMap(pull, (pieces) => {
        for (const piece of pieces) {
          // No store keeps a NUL in a text, and no dump that is whole holds one.
          const fault = piece.includes(0) ? "it holds a NUL byte" : decoder.push(piece, batch);
          if (fault !== undefined) return unlessFaulty(fault);
        }
        return Effect.void;
      });
      const finish = Effect.suspend(() => {
        isOver = true;
        const fault = decoder.end(batch);
        const isEmpty = decoder.rows === 0 && !options.mayBeEmpty;
        return unlessFaulty(fault ?? (isEmpty ? "it holds no rows" : undefined));
      });

      return Effect.gen(function* () {
        while (!isOver && size(batch) < BATCH) yield* Pull.catchDone(receive, () => finish);
        if (size(batch) === 0) return yield* Cause.done();
        const full = batch;
        batch = collected();
        return [full] as const;
      });
    }));
