import { Plugin } from "@candlewick/core";
import { Effect } from "effect";
import { open } from "./database/Database.ts";
import { placeOf } from "./database/place.ts";
import { during, PLUGIN } from "./DatabaseError.ts";
import * as DuckdbSink from "./DuckdbSink.ts";
import { exporter } from "./exporting/exporter.ts";
import * as Keeper from "./keeping/keeper.ts";
import { settings } from "./settings.ts";

export default Plugin.sink({
  id: PLUGIN,
  summary: "DuckDB: one file, no server",
  settings,
  make: Effect.fnUntraced(function* (values, context) {
    const place = placeOf(values.path, context);
    const database = yield* Effect.mapError(open(place, values), during("open the database"));
    return DuckdbSink.make(database);
  }),
  keeper: Effect.fnUntraced(function* (values, context) {
    const place = placeOf(values.path, context);
    const database = yield* Effect.mapError(open(place, values), during("open the database"));
    return Keeper.make(database, place);
  }),
  exporter,
});
