import { Dataset, type Plugin } from "@candlewick/core";
import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Redacted, type Scope, Stream } from "effect";
import { join } from "node:path";
import { type Address, withDatabase } from "./connection/address.ts";
import * as Database from "./database.ts";
import { placeForTests } from "./embedded/template.ts";
import plugin from "./plugin.ts";
import { defaults } from "./PostgresSink.ts";
import { serverForTests, sinkOn } from "./testing/servers.ts";

const prices = Dataset.make({
  name: "prices",
  columns: { id: Dataset.int64(), price: Dataset.decimal() },
  key: ["id"],
});

const urlOf = ({ database, host, password, port, user }: Address): Redacted.Redacted<string> =>
  Redacted.make(
    `postgres://${user}:${
      password === undefined ? "" : Redacted.value(password)
    }@${host}:${port}/${database}`,
  );

const context = (data: "real" | "sandbox", directory = "unused"): Plugin.SinkContext => ({ data, directory });

describe("the database of DATABASE_URL, on a real server", () => {
  const server = serverForTests();

  const open = (address: Address, data: "real" | "sandbox") =>
    Database.open(urlOf(address), context(data), defaults);

  it("holds real data; invented data goes to one beside it, created when missing", () =>
    server.run(Effect.gen(function* () {
      const { address, sql } = yield* server.database();
      const real = yield* open(address, "real");
      expect(real.address.database).toBe(address.database);
      const both = yield* Effect.all([open(address, "sandbox"), open(address, "sandbox")], {
        concurrency: 2,
      });
      expect(both.map((one) => one.address.database)).toEqual(Array(2).fill(`${address.database}_sandbox`));
      expect((yield* open(address, "sandbox")).location).toContain(
        `${address.database}_sandbox on 127.0.0.1`,
      );
      const sandbox = yield* sinkOn(both[0].address);
      yield* sandbox.ensure(prices);
      yield* sandbox.upsert(prices, [{ id: 1, price: "1" }]);
      expect(yield* sql("select to_regclass('prices')")).toEqual([[null]]);
    })));

  it("is refused for real data when it is a database for invented data", () =>
    server.run(Effect.gen(function* () {
      const { address } = yield* server.database();
      const { address: sandbox } = yield* open(address, "sandbox");
      yield* storeFailure(open(sandbox, "real"), "connection");
      expect((yield* open(sandbox, "sandbox")).address.database).toBe(sandbox.database);
    })));

  it("says the way out when the user may not create the one for invented data", () =>
    server.run(Effect.gen(function* () {
      const { address, sql } = yield* server.database();
      yield* sql("create role plain login password 'sesame'");
      const plain = { ...address, user: "plain", password: Redacted.make("sesame") };
      const error = yield* storeFailure(open(plain, "sandbox"), "schema");
      expect(error.message).toContain(`create database "${address.database}_sandbox"`);
      expect(error.message).not.toContain("sesame");
    })));

  it("that is not there, not reachable, or does not let us in is a fault that names no secret", () =>
    server.run(Effect.gen(function* () {
      const { address } = yield* server.database();
      const wrong: ReadonlyArray<readonly [Address, string]> = [
        [withDatabase(address, "absent"), "absent"],
        [{ ...address, password: Redacted.make("sesame") }, "password"],
        [{ ...address, port: 1, password: Redacted.make("sesame") }, "refused"],
        [{ ...address, user: "nobody", password: Redacted.make("sesame") }, "nobody"],
      ];
      for (const [there, said] of wrong) {
        const error = yield* Effect.flip(sinkOn(there, { connectTimeout: 2_000 }));
        expect(error.reason._tag).toBe("Store");
        expect(error.message.toLowerCase()).toContain(said);
        expect(`${JSON.stringify(error)} ${error.stack}`).not.toContain("sesame");
      }
      const unreadable = Database.open(Redacted.make("mysql://u:sesame@h/d"), context("real"), defaults);
      const error = yield* Effect.flip(Effect.scoped(unreadable));
      expect(error.reason._tag).toBe("Invalid");
      expect(error.message).not.toContain("sesame");
    })));

  it("that hangs is given up after the connect timeout", () =>
    server.run(Effect.gen(function* () {
      const { address } = yield* server.database();
      const silent = yield* Effect.acquireRelease(
        Effect.sync(() => Deno.listen({ hostname: "127.0.0.1", port: 0 })),
        (listener) => Effect.sync(() => listener.close()),
      );
      const hanging = { ...address, port: silent.addr.port };
      const error = yield* Effect.flip(sinkOn(hanging, { connectTimeout: 1_000 }));
      expect(error.message).toContain("TIMEOUT");
    })));
});

describe("the plugin without DATABASE_URL", () => {
  const values = { url: undefined, ...defaults };

  const store = (data: "real" | "sandbox", directory: string, price: string) =>
    Effect.gen(function* () {
      const sink = yield* plugin.make(values, context(data, directory));
      yield* sink.ensure(prices);
      yield* sink.upsert(prices, [{ id: 1, price }]);
      const found = (yield* Stream.runCollect(sink.select(prices))).flat();
      return { location: sink.location, found };
    });

  it(
    "has a server of its own, with a database each for real and for invented data",
    () =>
      Effect.runPromise(Effect.scoped(Effect.gen(function* (): Effect.fn.Return<void, unknown, Scope.Scope> {
        const directory = yield* Effect.acquireRelease(
          Effect.sync(() => Deno.makeTempDirSync({ dir: placeForTests(), prefix: "candlewick-plugin-" })),
          (made) => Effect.sync(() => Deno.removeSync(made, { recursive: true })),
        );
        const project = join(directory, ".candlewick");
        Deno.mkdirSync(project);
        yield* Effect.scoped(Effect.gen(function* () {
          const real = yield* store("real", project, "100.10");
          const sandbox = yield* store("sandbox", project, "7");
          expect(real.location).toMatch(
            /^embedded PostgreSQL, psql "postgres:\/\/.*\/candlewick\?passfile=.*"$/,
          );
          expect(sandbox.location).toContain("/candlewick_sandbox?");
          expect(sandbox.found).toEqual([{ id: 1, price: "7" }]);
        }));
        // Started again, the server has what was stored.
        expect((yield* Effect.scoped(store("real", project, "100.1"))).found).toEqual([{
          id: 1,
          price: "100.10",
        }]);
      }))),
    60_000,
  );
});
