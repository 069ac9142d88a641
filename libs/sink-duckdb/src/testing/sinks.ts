import { afterAll } from "@effect/vitest";
import { Effect } from "effect";
import { open } from "../database/Database.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn, folder } from "./files.ts";

/** A sink on a file that all tests of a test file share; each opens and closes it. */
export const sharedSink = () => {
  const shared = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "candlewick-duckdb-" }));
  afterAll(() => Deno.removeSync(shared, { recursive: true }));
  return Effect.map(open(fileIn(shared), defaults), DuckdbSink.make);
};

/** A sink on a file of a test's own, and SQL past the sink. */
export const freshFile = Effect.gen(function* () {
  const database = yield* open(fileIn(yield* folder), defaults);
  const connection = yield* database.connect;
  return {
    sink: DuckdbSink.make(database),
    sql: (text: string) => connection.query(text),
  };
});
