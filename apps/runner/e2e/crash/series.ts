import { Effect, Exit, Redacted, Scope } from "effect";
import { openServer, type Server } from "./database.ts";
import { openPostgres } from "./parts.ts";
import { Tally } from "./tally.ts";

/** Rounds of one kind: each on its own, told apart by their seeds. */
export interface Series {
  /** Names the rounds: lower-case letters, digits and `-`. */
  readonly seed: string;
  /** Whether there are enough; asked before each round. */
  readonly isEnough: (tally: Tally) => boolean;
  readonly round: (seed: string, tally: Tally) => Promise<void>;
  /** Told of each round that has ended. */
  readonly report?: (seed: string, tally: Tally) => void;
}

/** Rounds mostly wait, for the vendor's limit and for moments, so some go side by side. */
const SIDE_BY_SIDE = 6;

/** Runs rounds until there are enough; fails with the first failure, when those beside it have ended. */
export const runSeries = async ({ isEnough, report, round, seed }: Series): Promise<Tally> => {
  const total = new Tally();
  let next = 0;
  let failure: unknown;
  const work = async () => {
    while (failure === undefined && !isEnough(total)) {
      const own = `${seed}/${++next}`;
      const tally = new Tally();
      try {
        await round(own, tally);
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

/** Uses a server of one's own. */
export const withServer = async <A>(use: (server: Server) => Promise<A>): Promise<A> => {
  const scope = await Effect.runPromise(Scope.make());
  try {
    const url = await Effect.runPromise(Scope.provide(openPostgres, scope));
    const server = await openServer(Redacted.value(url));
    try {
      return await use(server);
    } finally {
      await server.close();
    }
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void));
  }
};
