import type { Keeper, PluginError } from "@candlewick/core";
import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import type { Database } from "../database/Database.ts";
import type { Place } from "../database/place.ts";
import { type DatabaseError, during, PLUGIN } from "../DatabaseError.ts";
import { backup } from "./backup.ts";
import * as Backups from "./backups.ts";
import { restore } from "./restore.ts";
import { status } from "./status.ts";
import { truncate } from "./truncate.ts";

/** A keeper of a database that is open. */
export const make = (database: Database, { backups }: Pick<Place, "backups">): Keeper.Keeper => {
  const location = `DuckDB, ${database.path}`;

  /**
   * Does something on a connection of its own, while nobody else writes. What fails or is interrupted half-way is
   * rolled back by the end of the connection.
   */
  const alone = <A>(
    operation: string,
    body: (connection: Connection) => Effect.Effect<A, DatabaseError>,
  ): Effect.Effect<A, PluginError.PluginError> =>
    database.turn.withPermit(Effect.scoped(Effect.flatMap(database.connect, body))).pipe(
      Effect.mapError(during(operation)),
    );

  return {
    id: PLUGIN,
    location,
    status: alone("status", (connection) => status(connection, database.path)),
    backups: Effect.mapError(Backups.list(backups), during("list the backups")),
    backup: alone("backup", (connection) => backup(connection, backups, location)),
    restore: (from) => alone(`restore ${from.name}`, (connection) => restore(connection, from)),
    truncate: (tables) => alone("truncate", (connection) => truncate(connection, tables)),
  };
};
