import { Effect, type Scope } from "effect";
import type { Address } from "../connection/address.ts";
import * as PostgresKeeper from "../PostgresKeeper.ts";
import * as PostgresSink from "../PostgresSink.ts";

/** The keeper of a database, with its backups below a folder. */
export const keeperOn = (
  address: Address,
  directory: string,
  options: Partial<PostgresKeeper.PostgresKeeperOptions> = {},
) => PostgresKeeper.make({ ...PostgresSink.defaults, ...options, address, directory });

/** A folder that is gone with the scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => Deno.makeTempDirSync({ prefix: "candlewick-keeper-" })),
  (folder) => Effect.sync(() => Deno.removeSync(folder, { recursive: true })),
);
