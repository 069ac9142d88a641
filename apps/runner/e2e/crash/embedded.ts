import { Effect, Exit, Logger, Scope } from "effect";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { makeRealProject } from "../../testing/project.ts";
import { openSink } from "../workspace.ts";
import { TRUTH } from "./candles.ts";
import { type Database, openDatabase, type Server, tablesIn } from "./database.ts";
import { drawFrom } from "./draw.ts";
import {
  argsOf,
  environmentOf,
  jobsOf,
  type Prepared,
  TODAY,
  watchCandles,
  withSandbox,
} from "./historic.ts";
import { runRound, type Watch } from "./round.ts";
import { RUNS } from "./tables.ts";
import type { Counting } from "./series.ts";

/** The job with small transactions: much starting and stopping, little data. */
const INTERVAL = "day";

/** Rows of tables as JSON, to carry the truth to a server that the runner starts and stops itself. */
export type Carried = ReadonlyArray<{ readonly table: string; readonly rows: string }>;

/** The truth of this job, from the databases of `historic`. */
export const carry = async (server: Server, prepared: Prepared): Promise<Carried> => {
  const name = "carried";
  const database = await server.make(name, prepared.bare);
  const carried: Array<Carried[number]> = [];
  const tables = [...await tablesIn(database, TRUTH)].filter((table) => table !== RUNS);
  for (const table of tables) {
    const [row] = await database.client.unsafe<{ readonly rows: string }>(
      `select coalesce(json_agg(own), '[]')::text as rows from ${TRUTH}.${table} own
       where coalesce(to_jsonb(own) ->> 'interval', '${INTERVAL}') = '${INTERVAL}'`,
    );
    carried.push({ table, rows: row!.rows });
  }
  await database.close();
  await server.drop(name);
  return carried;
};

/** Sets the truth beside the tables that the runner has made; false as long as it has not made them. */
const unload = async (database: Database, carried: Carried): Promise<boolean> => {
  const [made, there] = [await tablesIn(database, "public"), await tablesIn(database, TRUTH)];
  const needed = carried.filter(({ rows, table }) => made.has(table) || rows !== "[]");
  if (needed.some(({ table }) => !made.has(table))) return false;
  await database.client.unsafe(`create schema if not exists ${TRUTH}`);
  for (const { rows, table } of needed.filter((one) => !there.has(one.table))) {
    await database.client.unsafe(
      `create table ${TRUTH}.${table} as
       select * from json_populate_recordset(null::public.${table}, $1::text::json)`,
      [rows],
    );
  }
  return true;
};

/** Uses the project's own database: starts the server where it does not run, and leaves as a run would. */
const withStore = async <A>(folder: string, use: (database: Database) => Promise<A>): Promise<A> => {
  const scope = await Effect.runPromise(Scope.make());
  try {
    const { location } = await Effect.runPromise(
      openSink("postgres", join(folder, ".candlewick")).pipe(
        Scope.provide(scope),
        Effect.provide(Logger.layer([])),
      ),
    );
    const address = new URL(/postgres:\/\/[^\s"]+/.exec(location)![0]);
    const password = readFileSync(address.searchParams.get("passfile")!, "utf8").trim().split(":")[4]!;
    address.search = "";
    address.password = password;
    const database = await openDatabase(address.href);
    try {
      return await use(database);
    } finally {
      await database.close();
    }
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void));
  }
};

/** The server's process, where it can be told that it is one: numbers of processes are used again. */
const postmasterOf = (folder: string): number | undefined => {
  const data = join(folder, ".candlewick/postgres/data");
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data) ? pid : undefined;
  } catch {
    return undefined;
  }
};

/**
 * One round of `historic` with the store that runs bring up themselves, from nothing: kills fall into the creation
 * and the start of the server too, and some take the server along.
 */
export const embeddedRound = async (
  prepared: Prepared,
  carried: Carried,
  seed: string,
  counting: Counting,
): Promise<void> => {
  const draw = drawFrom(`${seed} round`);
  await withSandbox({ now: TODAY, latencyMillis: draw.whole(5, 100) }, async (sandbox) => {
    const job = jobsOf(sandbox).find(({ interval }) => interval === INTERVAL)!;
    const project = makeRealProject();
    let before: Parameters<typeof watchCandles>[3];
    const looking = (look: (watch: Watch) => Promise<ReadonlyArray<string>>, isEnd: boolean) =>
      withStore(project.folder, async (database) => {
        if (!await unload(database, carried)) {
          return isEnd ? ["tables of an undisturbed run are missing"] : [];
        }
        return look(watchCandles(database, job, false, before, (after) => before = after));
      });
    const kill = () => {
      const pid = postmasterOf(project.folder);
      if (pid !== undefined) Deno.kill(pid, "SIGKILL");
      return pid !== undefined;
    };
    try {
      await runRound({
        seed,
        stop: "SIGKILL",
        args: argsOf(job),
        folder: project.folder,
        env: environmentOf(sandbox, undefined),
        range: { length: prepared.lengths.get(INTERVAL)! + 1_500, requests: job.requests, gates: [] },
        route: "historical",
        hasFaults: false,
        database: undefined,
        sandbox,
        watch: {
          // To look the harness brings the server up; every other time that is left to the next run.
          check: (requests) =>
            draw.chance(0.5) ? looking((watch) => watch.check(requests), false) : Promise.resolve([]),
          checkEnd: () => looking((watch) => watch.checkEnd(), true),
        },
        alsoKill: () => Promise.resolve(draw.chance(0.4) && kill()),
      }, counting);
    } finally {
      kill();
      project.remove();
    }
  });
};
