import type { Keeper } from "@candlewick/core";
import { keeperContract, type KeeperSubject } from "@candlewick/core/testing";
import { describe } from "@effect/vitest";
import { Effect } from "effect";
import { join } from "node:path";
import { serverForTests, sinkOn } from "../testing/servers.ts";
import { systemPostgres, systemVersion } from "../testing/systemPostgres.ts";
import { keeperOn, temporaryFolder } from "../testing/keepers.ts";

/** Changes a file of a backup; which one, its name says. */
const changing = (which: RegExp, change: (bytes: Uint8Array) => Uint8Array) => ({ path }: Keeper.Backup) =>
  Effect.sync(() => {
    const name = [...Deno.readDirSync(path)].map((entry) => entry.name).find((name) => which.test(name))!;
    const file = join(path, name);
    Deno.writeFileSync(file, change(Deno.readFileSync(file)));
  });

const ROWS = /\.copy\.zst$/;
const MANIFEST = /^manifest\.json$/;

const replacing = (from: RegExp, to: string) => (bytes: Uint8Array) =>
  new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to));

const damages: KeeperSubject["damages"] = {
  "a bit of the rows is flipped": changing(ROWS, (bytes) => {
    bytes[Math.floor(bytes.length / 2)]! ^= 4;
    return bytes;
  }),
  "the rows are cut off": changing(ROWS, (bytes) => bytes.subarray(0, bytes.length - 20)),
  "the rows are gone": ({ path }) =>
    Effect.sync(() => {
      for (const { name } of Deno.readDirSync(path)) if (ROWS.test(name)) Deno.removeSync(join(path, name));
    }),
  "the manifest was edited": changing(MANIFEST, replacing(/"rows": 3000/, '"rows": 2999')),
  "the manifest is cut off": changing(MANIFEST, (bytes) => bytes.subarray(0, bytes.length / 2)),
  "the manifest is gone": ({ path }) => Effect.sync(() => Deno.removeSync(join(path, "manifest.json"))),
  "the manifest is something else": changing(MANIFEST, () => new TextEncoder().encode("[]")),
};

const subjectOn = (server: ReturnType<typeof serverForTests>): KeeperSubject => ({
  name: "PostgreSQL",
  damages,
  secrets: server.secrets,
  make: Effect.gen(function* () {
    const address = yield* server.freshAddress;
    const directory = yield* temporaryFolder;
    const sql = yield* server.connectedTo(address);
    return {
      sink: sinkOn(address),
      keeper: keeperOn(address, directory),
      ownTable: {
        make: Effect.asVoid(
          sql("create table mine as select n, 'row ' || n as text from generate_series(1, 5) n"),
        ),
        rows: sql("select * from mine order by n"),
      },
    };
  }),
});

describe("embedded PostgreSQL", () => keeperContract(subjectOn(serverForTests())));

describe.skipIf(systemVersion === undefined)(
  `PostgreSQL ${systemVersion ?? "of the machine"} (needs pg_config and its server)`,
  () => keeperContract(subjectOn(serverForTests(systemPostgres))),
);
