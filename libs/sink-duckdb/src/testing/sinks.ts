import { afterAll } from "@effect/vitest";
import { Effect } from "effect";
import { open } from "../database/Database.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn } from "./files.ts";

/** A sink on a file that all tests of a test file share; each opens and closes it. */
export const sharedSink = () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "candlewick-duckdb-" }));
  afterAll(() => Deno.removeSync(folder, { recursive: true }));
  return Effect.map(open(fileIn(folder), defaults), DuckdbSink.make);
};
