import type { Dataset, Exporter } from "@candlewick/core";
import { literal } from "@candlewick/sql-store";
import { Effect, Stream } from "effect";
import { basename, join } from "node:path";
import { openAlone } from "../database/alone.ts";
import { type DatabaseError, during, failure, fromThrown } from "../DatabaseError.ts";
import { queryOf, type Staged, stagedColumns, tableOf } from "./columns.ts";
import { replacing } from "./file.ts";
import { Gatherer } from "./gather.ts";

const options: Readonly<Record<string, string>> = {
  parquet: "format parquet, compression zstd",
  csv: "format csv, header",
};

/** Megabytes that DuckDB may hold in memory on the way; what does not fit goes to the scratch folder. */
const MEMORY = 128;

/** What a value, or DuckDB, made wrong. */
const thrown = (cause: unknown): DatabaseError =>
  cause instanceof RangeError ? failure("schema", cause.message) : fromThrown(cause);

const attempt = <A>(body: () => A): Effect.Effect<A, DatabaseError> =>
  Effect.try({ try: body, catch: thrown });

/** The statement that writes what was gathered. */
const copyOf = (staged: ReadonlyArray<Staged>, format: string, path: string) =>
  attempt(() => `copy (${queryOf(staged, format)}) to ${literal(path)} (${options[format]!})`);

const write: Exporter.Exporter["write"] = (columns, rows, target) => {
  const told = during(`write ${basename(target.path)}`);
  const gathered: Dataset.Columns = columns;
  return Effect.scoped(Effect.gen(function* () {
    if (options[target.format] === undefined) {
      return yield* Effect.fail(told(failure("schema", `the format ${target.format} is not known here`)));
    }
    const connection = yield* Effect.mapError(
      openAlone(join(target.scratch, "export.duckdb"), {
        memory_limit: `${MEMORY}MB`,
        temp_directory: join(target.scratch, "temporary"),
      }),
      told,
    );
    const staged = stagedColumns(connection.native, gathered, target.decimals);
    const count = yield* Effect.scoped(Effect.gen(function* () {
      yield* Effect.mapError(connection.run(tableOf(staged)), told);
      const appender = yield* Effect.acquireRelease(
        Effect.mapError(connection.appender("gathered"), told),
        // Closed below; where that did not happen, what it holds is not wanted.
        (opened) => Effect.sync(() => opened.clear()),
      );
      const gatherer = new Gatherer(connection.native, appender, staged);
      yield* Stream.runForEach(rows, (batch) => Effect.mapError(attempt(() => gatherer.add(batch)), told));
      yield* Effect.mapError(attempt(() => appender.flushSync()), told);
      return gatherer.rows;
    }));
    const { bytes } = yield* Effect.mapError(
      replacing(
        target.path,
        (temporary) => Effect.flatMap(copyOf(staged, target.format, temporary), (sql) => connection.run(sql)),
      ),
      told,
    );
    return { rows: count, bytes };
  }));
};

/** Parquet and CSV, by way of a database in the scratch folder. */
export const exporter: Exporter.Exporter = { formats: Object.keys(options), write };
