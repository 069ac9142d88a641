import { Effect, Logger } from "effect";
import { parseArgs } from "node:util";
import process from "node:process";
import { arePresent } from "../e2e/recordings.ts";
import { memoryFlags } from "../launch/memory.mjs";
import { limited, throughput } from "./historic.ts";
import { instruments, loadOnce } from "./instruments.ts";
import { fill, planning, planOnce } from "./planning.ts";
import { count, type Result } from "./result.ts";
import { start } from "./start.ts";

const MEMORY = 250 * 1024 * 1024;

const USAGE = `The numbers to hold, each with a floor taken in the same run.

Usage: nx run runner:bench [--only=first,unchanged,throughput,limited,planning,start] [--json]

Those of DuckDB are duckdb-first, duckdb-unchanged and duckdb-throughput; the others are of PostgreSQL. First and
unchanged need the recordings beside the project; PostgreSQL's floors need psql on the path.`;

type Benchmark = (directory: string) => Effect.Effect<Result, unknown>;

const benchmarks: Readonly<Record<string, Benchmark>> = {
  first: instruments("postgres", "first"),
  unchanged: instruments("postgres", "unchanged"),
  throughput: throughput("postgres"),
  "duckdb-first": instruments("duckdb", "first"),
  "duckdb-unchanged": instruments("duckdb", "unchanged"),
  "duckdb-throughput": throughput("duckdb"),
  limited,
  planning,
  start: () => start,
};

const needRecordings = ["first", "unchanged", "duckdb-first", "duckdb-unchanged"];

/** Runs a part in a process of its own, so that its peak memory is its own. */
const inOwnProcess = async (name: string, directory: string) => {
  const child = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      memoryFlags,
      new URL(import.meta.url).pathname,
      "--child",
      name,
      "--directory",
      directory,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  const lines = new TextDecoder().decode(child.stdout).trim().split("\n");
  if (!child.success) throw new Error(`benchmark ${name} failed`);
  return JSON.parse(lines[lines.length - 1]!);
};

/** Parts run in a process each, one after another on one store, to tell the memory of the last. */
const parts: Readonly<Record<string, (directory: string) => Effect.Effect<number, unknown>>> = {
  load: loadOnce("postgres"),
  "duckdb-load": loadOnce("duckdb"),
  fill,
  plan: planOnce,
};

/** What is timed many times in one process is run once more in one of its own for its memory. */
const forMemory: Readonly<Record<string, ReadonlyArray<string>>> = {
  first: ["load"],
  unchanged: ["load", "load"],
  "duckdb-first": ["duckdb-load"],
  "duckdb-unchanged": ["duckdb-load", "duckdb-load"],
  planning: ["fill", "plan"],
};

const inTemporaryFolder = async <A>(use: (directory: string) => Promise<A>): Promise<A> => {
  const directory = await Deno.makeTempDir({ prefix: "candlewick-bench-" });
  try {
    return await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
};

const measure = async (name: string): Promise<Result> => {
  const result: Result = await inTemporaryFolder((directory) => inOwnProcess(name, directory));
  const once = forMemory[name];
  if (once === undefined) return result;
  const peak: number = await inTemporaryFolder(async (directory) => {
    let last = 0;
    for (const part of once) last = await inOwnProcess(part, directory);
    return last;
  });
  return { ...result, peak };
};

const runHere = async (name: string, directory: string): Promise<void> => {
  const part: Effect.Effect<unknown, unknown> = (parts[name] ?? benchmarks[name]!)(directory);
  console.log(JSON.stringify(await Effect.runPromise(Effect.provide(part, Logger.layer([])))));
};

const cells = (result: Result): ReadonlyArray<string> => [
  result.name,
  result.target,
  result.measured,
  result.floor,
  result.ratio,
  result.peak === undefined
    ? "-"
    : `${count(result.peak / 1024 / 1024)} MB${result.peak > MEMORY ? " !" : ""}`,
  result.holds === undefined ? "?" : result.holds ? "yes" : "NO",
];

const print = (rows: ReadonlyArray<ReadonlyArray<string>>): void => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
  }
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    only: { type: "string" },
    child: { type: "string" },
    directory: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});

if (values.help) {
  console.log(USAGE);
} else if (values.child !== undefined) {
  await runHere(values.child, values.directory!);
} else {
  const chosen = values.only?.split(",") ?? Object.keys(benchmarks);
  const unknown = chosen.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    console.error(`no benchmark ${unknown.join(", ")}\n\n${USAGE}`);
    process.exit(2);
  }
  const results: Array<Result> = [];
  for (const name of chosen) {
    if (needRecordings.includes(name) && !arePresent) {
      console.error(`${name}: skipped, needs ../shared/recordings`);
      continue;
    }
    console.error(`${name} ...`);
    results.push(await measure(name));
  }
  if (values.json) console.log(JSON.stringify(results));
  else print([["", "target", "measured", "floor", "ratio", "peak memory", "holds"], ...results.map(cells)]);
}
