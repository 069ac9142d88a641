import { makeRealProject } from "../../testing/project.ts";
import { type Database, nameOf, type Server, setAside } from "./database.ts";
import { drawFrom } from "./draw.ts";
import { passingFaults } from "./faults.ts";
import { type Gate, install } from "./gate.ts";
import { environmentOf, undisturbed, withSandbox } from "./historic.ts";
import { runRound, type Watch } from "./round.ts";
import { differences } from "./tables.ts";
import type { Counting } from "./series.ts";
import type { Stop } from "./tally.ts";

/** Two days' dumps: listings come, go and change between them. */
const FIRST_DAY = Date.parse("2025-06-18T18:30:00+05:30");
const SECOND_DAY = Date.parse("2025-06-20T18:30:00+05:30");

/** Schemas with what undisturbed imports of one dump, and of both, have stored. */
const FIRST = "first_truth";
const BOTH = "both_truth";
/** A schema without tables: the gates' own. */
const EMPTY = "crash";

const ARGS = ["--dag=instruments"];

const gates: ReadonlyArray<Gate> = [
  { kind: "table", table: "kite_instrument_master" },
  { kind: "table", table: "kite_instrument_dump" },
  { kind: "commit", table: "kite_instrument_dump" },
];

export interface Prepared {
  /** Holds both truths and nothing else. */
  readonly bare: string;
  /** Holds both truths, and the first dump as imported. */
  readonly imported: string;
  /** Milliseconds of an undisturbed import. */
  readonly length: number;
}

/** Lets undisturbed runs import the dumps, and sets the results aside as the truths. */
export const prepare = async (server: Server): Promise<Prepared> => {
  const names = { bare: "instruments_bare", imported: "instruments_imported" };
  const project = makeRealProject();
  try {
    const database = await server.make(names.bare);
    const load = (now: number, into: Database) =>
      withSandbox(
        { now, latencyMillis: 0 },
        (sandbox) => undisturbed(ARGS, environmentOf(sandbox, into), project.folder),
      );
    await load(FIRST_DAY, database);
    await setAside(database, FIRST);
    await load(FIRST_DAY, database);
    const length = await load(SECOND_DAY, database);
    await setAside(database, BOTH);
    await install(database);
    await database.close();
    const imported = await server.make(names.imported, names.bare);
    await load(FIRST_DAY, imported);
    await imported.close();
    return { ...names, length };
  } finally {
    project.remove();
  }
};

/** Former states end where present ones begin: as many as there are differ, and none overlaps its listing's next. */
const HISTORY = `
  select count(*)::int as wrong
  from public.kite_instrument_history former join public.kite_instrument_master present using (instrument_id)
  where former.valid_from >= former.valid_to or former.valid_to <> present.last_updated
    or former.valid_from <> present.created_at`;

/** Whether the store is exactly as before an import or exactly as after it, history included. */
const watchListings = (database: Database, before: string, after: string): Watch => {
  const differs = (wanted: string) => differences(database, "public", wanted);
  let isAfter = false;
  const check = async (): Promise<ReadonlyArray<string>> => {
    const toAfter = await differs(after);
    if (toAfter.length === 0) {
      isAfter = true;
      return [];
    }
    if (isAfter) return ["the import was committed and is gone again", ...toAfter];
    const toBefore = await differs(before);
    return toBefore.length === 0 ? [] : [
      "the store is neither as before the import nor as after it",
      ...toBefore.map((one) => `before: ${one}`),
      ...toAfter.map((one) => `after: ${one}`),
    ];
  };
  return {
    check,
    checkEnd: async () => {
      const [row] = await database.client.unsafe<{ readonly wrong: number }>(HISTORY);
      return [
        ...await differs(after),
        ...(row!.wrong === 0 ? [] : [`${row!.wrong} rows of history do not end where the next state begins`]),
      ];
    },
  };
};

/** One round of `instruments` on a database of its own: the first import, or the one that changes it. */
export const instrumentsRound = async (
  server: Server,
  prepared: Prepared,
  options: { readonly seed: string; readonly stop: Stop; readonly faults: boolean },
  counting: Counting,
): Promise<void> => {
  const draw = drawFrom(`${options.seed} round`);
  const isFirst = draw.chance(0.3);
  const name = nameOf(options.seed);
  const sandbox = {
    now: isFirst ? FIRST_DAY : SECOND_DAY,
    latencyMillis: draw.whole(5, 150),
    ...(options.faults ? { faults: passingFaults(drawFrom(`${options.seed} faults`), 0.4) } : {}),
  };
  await withSandbox(sandbox, async (sandbox) => {
    const project = makeRealProject();
    const database = await server.make(name, isFirst ? prepared.bare : prepared.imported);
    try {
      await runRound({
        seed: options.seed,
        stop: options.stop,
        args: [...ARGS, "--retry-delay=20ms", "--retry-attempts=12"],
        folder: project.folder,
        env: { ...environmentOf(sandbox, database), KITE_REQUEST_TIMEOUT: "3s" },
        range: {
          length: prepared.length,
          requests: 1,
          gates: isFirst ? [...gates, { kind: "definition" }] : gates,
        },
        route: "instruments",
        hasFaults: options.faults,
        database,
        sandbox,
        watch: isFirst ? watchListings(database, EMPTY, FIRST) : watchListings(database, FIRST, BOTH),
      }, counting);
    } finally {
      await database.close();
      await server.drop(name);
      project.remove();
    }
  });
};
