import { Effect, Exit, Redacted, Scope } from "effect";
import { openServer, type Server } from "./database.ts";
import { openPostgres } from "./parts.ts";
import { Tally } from "./tally.ts";

/** Rounds of one kind: each on its own, told apart by their seeds. */
export interface Series {
  /** Names the rounds: lower-case letters, digits and `-`. */
  readonly seed: string;
  /** Whether there are enough stops: then no round begins, and those at work end undisturbed. */
  readonly isEnough: (tally: Tally) => boolean;
  readonly round: (seed: string, counting: Counting) => Promise<void>;
  /** Where rounds are counted, failed ones included. */
  readonly tally?: Tally;
  /** Told of each round that has ended. */
  readonly report?: (seed: string, tally: Tally) => void;
}

/** How a round counts, and when it need not go on stopping programs. */
export interface Counting {
  readonly tally: Tally;
  readonly isEnough: () => boolean;
}

/** Rounds mostly wait, for the vendor's limit and for moments, so some go side by side. */
const SIDE_BY_SIDE = 6;

/** Runs rounds until there are enough; fails with the first failure, when those beside it have ended. */
export const runSeries = async (
  { isEnough, report, round, seed, tally: total = new Tally() }: Series,
): Promise<Tally> => {
  let next = 0;
  let failure: unknown;
  const work = async () => {
    while (failure === undefined && !isEnough(total)) {
      const own = `${seed}/${++next}`;
      const tally = new Tally(total);
      try {
        await round(own, { tally, isEnough: () => failure !== undefined || isEnough(total) });
      } catch (cause) {
        failure ??= cause;
      }
      total.add(tally);
      report?.(own, tally);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  if (failure !== undefined) throw failure;
  return total;
};

/** A server of one's own. */
export const serverOfOwn = async (): Promise<Server> => {
  const scope = await Effect.runPromise(Scope.make());
  const stop = () => Effect.runPromise(Scope.close(scope, Exit.void));
  try {
    const server = await openServer(
      Redacted.value(await Effect.runPromise(Scope.provide(openPostgres, scope))),
    );
    return { ...server, close: () => server.close().finally(stop) };
  } catch (cause) {
    await stop();
    throw cause;
  }
};
