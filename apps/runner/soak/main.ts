import process from "node:process";
import { parseArgs } from "node:util";
import { allKinds, isKind, type Kind, kinds, prepareRounds, type RunRound } from "../e2e/crash/kinds.ts";
import { runSeries, serverOfOwn } from "../e2e/crash/series.ts";
import { tableOf, Tally } from "../e2e/crash/tally.ts";

const USAGE = `Stops runs at drawn moments, starts them again until they end, and holds what is stored to an
undisturbed run: what the tests do, for longer.

  --minutes=60      how long, all kinds of round together (default 60)
  --kills=N         ends each kind after so many stops, too
  --seed=TEXT       draws other moments (default: the time)
  --only=a,b        some kinds of round: ${allKinds.join(", ")}
  --repeat=SEED     one round, by the seed that a failure names: historic/1/7
  --help`;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    minutes: { type: "string", default: "60" },
    kills: { type: "string", default: "Infinity" },
    seed: { type: "string", default: String(Date.now()) },
    only: { type: "string" },
    repeat: { type: "string" },
    help: { type: "boolean" },
  },
});

const refuse = (message: string): never => {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
};

const number = (name: "minutes" | "kills"): number => {
  const value = Number(values[name]);
  return value > 0 ? value : refuse(`--${name}: expected a number above 0, got "${values[name]}"`);
};

const chosenKinds = (): ReadonlyArray<Kind> => {
  const named = values.only?.split(",") ?? allKinds;
  const known = named.filter(isKind);
  if (known.length < named.length) refuse(`--only: there is ${allKinds.join(", ")}`);
  return known;
};

const line = (seed: string, tally: Tally) =>
  console.log(`${new Date().toISOString().slice(11, 19)}  ${seed}: ${tally.inWords()}`);

/** Rounds of every kind, each for its share of the time; the counts so far are printed whatever happens. */
const soak = async (round: RunRound): Promise<void> => {
  const [minutes, kills, chosen] = [number("minutes"), number("kills"), chosenKinds()];
  const total: Array<readonly [string, Tally]> = [];
  try {
    for (const kind of chosen) {
      const end = performance.now() + minutes * 60_000 / chosen.length;
      const tally = new Tally();
      total.push([kinds[kind], tally]);
      await runSeries({
        tally,
        seed: values.seed,
        isEnough: (so) => so.stops >= kills || performance.now() >= end,
        round: (seed, counting) => round(kind, seed, counting),
        report: (seed, own) => line(`${kind}/${seed}`, own),
      });
    }
  } finally {
    console.log(`\n${tableOf(total)}\n\nseed ${values.seed}`);
  }
};

const repeat = async (round: RunRound, name: string): Promise<void> => {
  const [, kind = "", seed = ""] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  const tally = new Tally();
  await (isKind(kind)
    ? round(kind, seed, { tally, isEnough: () => false })
    : refuse(`--repeat: no such seed: ${name}`));
  line(name, tally);
};

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
chosenKinds();
number("minutes");
number("kills");
const server = await serverOfOwn();
try {
  const round = await prepareRounds(server);
  await (values.repeat === undefined ? soak(round) : repeat(round, values.repeat));
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
} finally {
  await server.close();
}
