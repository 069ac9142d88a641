import type { Keeper } from "@candlewick/core";
import { keeperContract, type KeeperSubject } from "@candlewick/core/testing";
import { Effect } from "effect";
import { openAlone } from "../database/alone.ts";
import { open } from "../database/Database.ts";
import { during } from "../DatabaseError.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn, folder } from "../testing/files.ts";
import { make } from "./keeper.ts";

const changing = (change: (bytes: Uint8Array) => Uint8Array | void) => ({ path }: Keeper.Backup) =>
  Effect.sync(() => {
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, change(bytes) ?? bytes);
  });

const recordOf = (path: string) => path.replace(/\.duckdb$/, ".json");

const rewriting = (change: (text: string) => string) => ({ path }: Keeper.Backup) =>
  Effect.sync(() => Deno.writeTextFileSync(recordOf(path), change(Deno.readTextFileSync(recordOf(path)))));

const damages: KeeperSubject["damages"] = {
  "a bit of its header is flipped": changing((bytes) => void (bytes[50]! ^= 1)),
  "a bit in the middle is flipped": changing((bytes) => void (bytes[Math.floor(bytes.length / 2)]! ^= 16)),
  "it is cut": changing((bytes) => bytes.subarray(0, bytes.length - 300_000)),
  "it is empty": changing(() => new Uint8Array()),
  "it is gone": ({ path }) => Effect.sync(() => Deno.removeSync(path)),
  "it is another file": changing(() => new TextEncoder().encode("x".repeat(20_000))),
  "what it says of itself is cut": rewriting((text) => text.slice(0, 60)),
  "what it says of itself is gone": ({ path }) => Effect.sync(() => Deno.removeSync(recordOf(path))),
  "what it says of itself was edited": rewriting((text) => text.replace(/"sha256": "./, '"sha256": "x')),
};

keeperContract({
  name: "DuckDB",
  damages,
  make: Effect.gen(function* () {
    const place = fileIn(yield* folder);
    const opened = Effect.mapError(open(place, defaults), during("open the database"));
    const sql = (text: string) =>
      Effect.scoped(Effect.flatMap(openAlone(place.path, {}), (connection) => connection.query(text)));
    return {
      sink: Effect.map(opened, DuckdbSink.make),
      keeper: Effect.map(opened, (database) => make(database, place)),
      ownTable: {
        make: sql("create table mine as select n, 'row ' || n as text from range(5) r(n)"),
        rows: sql("select * from mine order by n"),
      },
    };
  }),
});
