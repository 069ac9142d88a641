import { assert, describe, it, layer } from "@effect/vitest";
import { Effect, Redacted } from "effect";
import { query } from "./fixtures/places.ts";
import { TemporaryPostgres, temporaryPostgres } from "./testing.ts";

const TIMEOUT = 60_000;

layer(TemporaryPostgres.layer, { timeout: TIMEOUT })("a server for the tests of a file", (it) => {
  it.effect("gives each test an empty database", () =>
    Effect.gen(function* () {
      const { freshDatabase } = yield* TemporaryPostgres;
      const [one, other] = [yield* freshDatabase, yield* freshDatabase];
      yield* query(one, "create table candles (close numeric)");
      const tables = "select count(*)::int from pg_class where relname = 'candles'";
      assert.deepStrictEqual(yield* query(one, tables), [[1]]);
      assert.deepStrictEqual(yield* query(other, tables), [[0]]);
    }), TIMEOUT);

  it.effect("crashes and starts again at will, and keeps what was committed", () =>
    Effect.gen(function* () {
      const { freshDatabase, start, stop } = yield* TemporaryPostgres;
      const url = yield* freshDatabase;
      yield* query(url, "create table kept as select 42 as answer");
      yield* stop("immediate");
      assert.isTrue((yield* Effect.exit(query(url, "select 1")))._tag === "Failure");
      yield* start;
      assert.deepStrictEqual(yield* query(url, "select answer from kept"), [[42]]);
    }), TIMEOUT);
});

describe("temporaryPostgres", () => {
  it.effect("is one's own, and gone at the end", () =>
    Effect.gen(function* () {
      const [one, other] = yield* Effect.scoped(Effect.gen(function* () {
        const servers = yield* Effect.all([temporaryPostgres, temporaryPostgres], { concurrency: 2 });
        return yield* Effect.all([servers[0].freshDatabase, servers[1].freshDatabase]);
      }));
      assert.notStrictEqual(new URL(Redacted.value(one)).port, new URL(Redacted.value(other)).port);
      assert.isTrue((yield* Effect.exit(query(one, "select 1")))._tag === "Failure");
    }), TIMEOUT);
});
