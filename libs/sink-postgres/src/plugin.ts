import { Plugin } from "@candlewick/core";
import { Effect } from "effect";
import * as Database from "./database.ts";
import { PLUGIN } from "./DatabaseError.ts";
import * as PostgresKeeper from "./PostgresKeeper.ts";
import * as PostgresSink from "./PostgresSink.ts";
import { settings } from "./settings.ts";

export default Plugin.sink({
  id: PLUGIN,
  summary: "PostgreSQL or TimescaleDB; without DATABASE_URL a server of its own",
  settings,
  make: Effect.fnUntraced(function* (values, context) {
    const { address, location } = yield* Database.open(values.url, context, values);
    return yield* PostgresSink.make({ ...PostgresSink.defaults, ...values, address, location });
  }),
  keeper: Effect.fnUntraced(function* (values, context) {
    const { address, location } = yield* Database.open(values.url, context, values);
    return yield* PostgresKeeper.make({ ...values, address, location, directory: context.directory });
  }),
});
