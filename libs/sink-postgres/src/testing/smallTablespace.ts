import { growDisk, smallDisk } from "@candlewick/sql-store/testing";
import { Effect, type Scope } from "effect";
import type { TestDatabase } from "./servers.ts";

export { canMakeDisks } from "@candlewick/sql-store/testing";

export interface SmallTablespace {
  /** Makes room: the disk grows. */
  readonly grow: (megabytes: number) => Effect.Effect<void>;
}

/** A disk of so many megabytes with a tablespace on it, for as long as the scope lives. */
export const smallTablespace = (
  { sql }: Pick<TestDatabase, "sql">,
  tablespace: string,
  megabytes: number,
): Effect.Effect<SmallTablespace, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = yield* smallDisk(megabytes);
    const data = (yield* sql("show data_directory"))[0]![0]!;
    const owner = Deno.statSync(data);
    Deno.chownSync(folder, owner.uid, owner.gid);
    yield* sql(`create tablespace ${tablespace} location '${folder}'`);
    return { grow: (size) => growDisk(folder, size) };
  });
