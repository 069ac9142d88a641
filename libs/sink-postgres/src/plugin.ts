import { Plugin } from "@candlewick/core";
import { Effect } from "effect";
import { embedded, external } from "./database.ts";
import { make } from "./PostgresSink.ts";
import { settings } from "./settings.ts";

/** PostgreSQL or TimescaleDB: the user's server, or one of the project's own. */
export default Plugin.sink({
  id: "postgres",
  summary: "PostgreSQL or TimescaleDB; without DATABASE_URL a server of its own",
  settings,
  make: Effect.fnUntraced(function* ({ url, ...options }, context) {
    const database = yield* url === undefined ? embedded(context) : external(url, context, options);
    return yield* make({ ...options, ...database });
  }),
});
