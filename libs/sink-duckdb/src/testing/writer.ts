import type { Sink } from "@candlewick/core";
import { Effect } from "effect";
import { open } from "../database/Database.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn } from "./files.ts";
import { ledger, rowsOf, totals } from "./ledger.ts";

/**
 * A program of its own that writes transactions into the file in a folder until it is killed. It prints the number of
 * each once it is committed, and goes on after the last one that is stored.
 */
const program = Effect.gen(function* () {
  const sink: Sink.Sink["Service"] = DuckdbSink.make(yield* open(fileIn(Deno.args[0]!), defaults));
  yield* sink.ensure(ledger);
  yield* sink.ensure(totals);
  for (let n = Number(Deno.args[1]);; n++) {
    yield* sink.transaction(Effect.gen(function* () {
      yield* sink.upsert(ledger, rowsOf(n));
      yield* sink.upsert(totals, [{ name: "last", n }]);
    }));
    // As text: a number would be coloured where colours are forced.
    console.log(String(n));
  }
});

await Effect.runPromise(Effect.scoped(program));
