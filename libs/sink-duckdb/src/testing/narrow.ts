import { Dataset } from "@candlewick/core";
import { Effect, Stream } from "effect";
import plugin from "../plugin.ts";
import { defaults } from "../settings.ts";

/**
 * A program of its own, started with the permissions that the manifest asks for and no more. Writes and reads through
 * the plugin and prints the rows it found.
 */
const [directory = "", path] = Deno.args;

const candles = Dataset.make({
  name: "candles",
  columns: { id: Dataset.int64(), close: Dataset.decimal() },
  key: ["id"],
});

const rows = await plugin.make({ ...defaults, path }, { directory, data: "real" }).pipe(
  Effect.flatMap((sink) =>
    Effect.gen(function* () {
      yield* sink.ensure(candles);
      yield* sink.upsert(candles, Array.from({ length: 1_000 }, (_, id) => ({ id, close: "1.5" })));
      return (yield* Stream.runCollect(sink.select(candles))).flat().length;
    })
  ),
  Effect.scoped,
  Effect.runPromise,
);
console.log(JSON.stringify({ rows }));
// Left to the end of the program, what DuckDB's client still holds is given back in an order that it does not survive.
Deno.exit(0);
