import { Effect } from "effect";
import { open } from "../database/Database.ts";
import type { Place } from "../database/place.ts";

/** A program of its own that opens a database as a run does, and says what came of it. */
const place: Place = JSON.parse(Deno.args[0]!);
const outcome = await Effect.runPromise(
  Effect.scoped(Effect.as(open(place, { memory: 256, threads: 1 }), "open")).pipe(
    Effect.catch((error) => Effect.succeed(error.fault)),
  ),
);
console.log(JSON.stringify({ outcome }));
