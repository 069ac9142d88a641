import { backends, type Database, timeOf } from "./database.ts";
import { drawFrom } from "./draw.ts";
import { inWords, type Moment, momentsOf, pause, type Range, reach, type Reached } from "./moment.ts";
import type { LoggedRequest, Sandbox } from "./parts.ts";
import { type Phase, phaseOf } from "./phase.ts";
import { type End, type Program, start } from "./program.ts";
import type { Counting } from "./series.ts";
import type { Stop, Tally } from "./tally.ts";

/** Looks after one store while programs come and go; each method tells what is wrong, and nothing when all is well. */
export interface Watch {
  /** After a program was stopped, or ended with failures; `requests` are its own. */
  readonly check: (requests: ReadonlyArray<LoggedRequest>) => Promise<ReadonlyArray<string>>;
  /** After a program ended well. */
  readonly checkEnd: () => Promise<ReadonlyArray<string>>;
}

/** Everything a round is made of. */
export interface Round {
  /** Repeats the round, as far as chance goes. */
  readonly seed: string;
  readonly stop: Stop;
  /** Flags for the runner. */
  readonly args: ReadonlyArray<string>;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly range: Range;
  /** The kind of request that moments count. */
  readonly route: string;
  /** Whether answers go wrong, so that a program may end with failures. */
  readonly hasFaults: boolean;
  /** Where the harness looks and holds programs up; none where the store is the runner's own. */
  readonly database: Database | undefined;
  readonly sandbox: Sandbox;
  readonly watch: Watch;
  /** Kills the database server together with a program, now and then; says whether it did. */
  readonly alsoKill?: () => Promise<boolean>;
}

/** After so many stops in one round its next program is left in peace. */
const MOST_STOPS = 30;
/** From SIGTERM to the end, milliseconds. */
const TERM_LIMIT = 5_000;
const INTERRUPTED = 130;
/** Exit codes of a run whose requests failed: all, or some. */
const FAILED = [1, 3];

const NEVER: Moment = { at: "time", millis: 170_000 };

/** A failure, with all that is needed to see it again. */
class RoundFailure extends Error {
  constructor(round: Round, step: number, where: string, problems: ReadonlyArray<string>, said: string) {
    super(
      `seed "${round.seed}", program ${step}, ${where}:\n  ${problems.join("\n  ")}\nIt said:\n${
        said.slice(-4_000)
      }`,
    );
  }
}

/**
 * Starts the program again and again, stops it at drawn moments, and holds the store to its promises in between,
 * until a program ends well; then another one must find nothing to do.
 */
export const runRound = async (round: Round, { isEnough, tally }: Counting): Promise<void> => {
  const { database, sandbox, watch } = round;
  const moments = momentsOf(drawFrom(round.seed), round.range);
  tally.rounds++;
  for (let step = 1, stops = 0;; step++) {
    const moment = stops < MOST_STOPS && !isEnough() ? moments.next().value : NEVER;
    const since = sandbox.log().at(-1)?.ordinal ?? 0;
    const began = database === undefined ? "" : await timeOf(database);
    const program = start([...round.args, "--json", "--log-level=debug"], {
      cwd: round.folder,
      env: round.env,
    });
    tally.programs++;
    const reached = await reach(moment, { program, sandbox, database, route: round.route, since, began });
    const fail = (problems: ReadonlyArray<string>, said: string) => {
      if (problems.length > 0) throw new RoundFailure(round, step, inWords(moment), problems, said);
    };
    const requests = () => sandbox.log().filter(({ ordinal }) => ordinal > since);
    if (reached.alive) {
      const stop = round.stop === "SIGKILL" ? kill : terminate;
      const look = async () =>
        phaseOf(database === undefined ? [] : await backends(database, began), program.said());
      const stopped = await stop({ round, program, moment, reached, look }, tally);
      stops++;
      fail([...stopped.problems, ...await watch.check(requests())], stopped.said);
      continue;
    }
    await reached.release();
    const end = await program.ended;
    if (end.code !== 0) {
      tally.failures++;
      const expected = round.hasFaults && FAILED.includes(end.code);
      fail(expected ? [] : [`ended with code ${end.code}`], end.err + end.out);
      fail(await watch.check(requests()), end.err);
      continue;
    }
    fail(await watch.check(requests()), end.err);
    fail(await watch.checkEnd(), end.err);
    break;
  }
  tally.faults += sandbox.log().filter(({ fault }) => fault !== undefined).length;
  await expectNothingToDo(round);
};

interface Stopping {
  readonly round: Round;
  readonly program: Program;
  readonly moment: Moment;
  readonly reached: Reached;
  readonly look: () => Promise<Phase>;
}

/** Kills all of the program where it stands. */
const kill = async ({ look, moment, program, reached, round }: Stopping, tally: Tally) => {
  program.freeze();
  tally.stopped(await look());
  program.kill();
  if (await round.alsoKill?.()) tally.servers++;
  const { err } = await program.ended;
  // Some dead programs' last statements are still held up when the next one has begun.
  const linger = moment.at === "gate" ? moment.linger : 0;
  if (linger === 0) await reached.release();
  else pause(linger).then(reached.release).catch(() => undefined);
  return { problems: [], said: err };
};

/** Asks the program to end, and holds it to how it says it does. */
const terminate = async ({ look, program, reached }: Stopping, tally: Tally) => {
  const phase = await look();
  const at = performance.now();
  program.signal("SIGTERM");
  const end = await program.ended;
  const took = performance.now() - at;
  await reached.release();
  tally.stopped(phase);
  tally.slowest = Math.max(tally.slowest, took);
  return { problems: terminationProblems(end, took), said: end.err };
};

/** Whether a run was done before a signal could reach it; the launcher may still be on its way out then. */
const isDone = ({ code, out, signal }: End): boolean =>
  out !== "" && (code === 0 || signal === "SIGTERM") &&
  JSON.parse(out).dags.every(({ outcome }: { readonly outcome: string }) =>
    outcome === "done" || outcome === "nothing"
  );

const terminationProblems = (end: End, took: number): ReadonlyArray<string> => [
  ...(took <= TERM_LIMIT ? [] : [`took ${Math.round(took)} ms from SIGTERM to its end`]),
  ...(end.isLeftBehind ? ["left a process behind"] : []),
  // Before it has said a word the launcher may not listen yet.
  ...(end.code === INTERRUPTED || (end.err === "" && end.signal === "SIGTERM") || isDone(end)
    ? []
    : [`ended with code ${end.code} (${end.signal ?? "no signal"}) after SIGTERM`]),
];

const expectNothingToDo = async (round: Round): Promise<void> => {
  const since = round.sandbox.log().at(-1)?.ordinal ?? 0;
  const again = start([...round.args, "--json"], { cwd: round.folder, env: round.env });
  const end = await again.ended;
  const [dag] = end.code === 0 ? JSON.parse(end.out).dags : [];
  if (dag?.outcome !== "nothing") {
    throw new RoundFailure(round, 0, "a further run", [`did not find nothing to do: ${end.out}`], end.err);
  }
  const asked = round.sandbox.log().filter(({ ordinal, route }) => ordinal > since && route === "historical");
  if (asked.length > 0) {
    throw new RoundFailure(round, 0, "a further run", [`asked for candles ${asked.length} times`], end.err);
  }
};
