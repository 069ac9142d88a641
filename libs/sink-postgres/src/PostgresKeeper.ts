import type { Keeper, PluginError } from "@candlewick/core";
import { Effect, type Scope } from "effect";
import { join } from "node:path";
import { type Address, display } from "./connection/address.ts";
import type { ConnectionOptions } from "./connection/Connection.ts";
import * as Pool from "./connection/Pool.ts";
import { during, PLUGIN } from "./DatabaseError.ts";
import { backup } from "./keeping/backup.ts";
import * as Backups from "./keeping/backups.ts";
import { restore } from "./keeping/restore.ts";
import { onConnection } from "./keeping/session.ts";
import { statusOf } from "./keeping/status.ts";
import { truncate } from "./keeping/truncate.ts";
import { checkServer } from "./PostgresSink.ts";

export interface PostgresKeeperOptions extends ConnectionOptions {
  readonly address: Address;
  /** For people, without a secret; default: database, host and port. */
  readonly location?: string;
  /** Folder of the project's state; backups lie in `backups/postgres/<database>` below it. */
  readonly directory: string;
}

/** A folder for each database: real and invented data have databases of their own. */
const folderOf = ({ directory, address: { database } }: PostgresKeeperOptions): string =>
  join(directory, "backups", PLUGIN, encodeURIComponent(database).replace(/^\./, "%2E"));

/** The keeper of a database that exists. Fails when it cannot be reached or used. */
export const make = Effect.fnUntraced(function* (
  options: PostgresKeeperOptions,
): Effect.fn.Return<Keeper.Keeper, PluginError.PluginError, Scope.Scope> {
  const { address } = options;
  const location = options.location ?? display(address);
  const folder = folderOf(options);
  const connections = yield* Pool.make(address, { ...options, size: 1 });
  yield* Effect.mapError(checkServer(connections), during(`connect to ${location}`));
  const connected = onConnection(address, options);
  return {
    id: PLUGIN,
    location,
    status: connected("status", statusOf),
    backups: Effect.mapError(Backups.list(folder), during("list the backups")),
    backup: connected("backup", (connection) => backup(connection, folder, location)),
    restore: (made) => connected("restore", (connection) => restore(connection, made)),
    truncate: (tables) => connected("truncate", (connection) => truncate(connection, tables)),
  };
});
