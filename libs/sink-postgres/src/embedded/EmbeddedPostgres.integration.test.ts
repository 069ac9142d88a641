import { assert, describe, it } from "@effect/vitest";
import { Effect, Exit, Redacted, Scope } from "effect";
import { join } from "node:path";
import { query, serverPid, temporaryCluster, temporaryDirectory } from "./fixtures/places.ts";
import { EmbeddedPostgres } from "./index.ts";

const TIMEOUT = 60_000;

const psql = async (displayUrl: string, statement: string) => {
  const { stdout, stderr } = await new Deno.Command("psql", { args: ["-XAtc", statement, displayUrl] })
    .output();
  return new TextDecoder().decode(stdout).trim() + new TextDecoder().decode(stderr);
};
const hasPsql = await new Deno.Command("psql", { args: ["--version"] }).output().then(
  () => true,
  () => false,
);

describe("EmbeddedPostgres", () => {
  it.live(
    "creates a server and a database, keeps the data, and stops the server at the end",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory;
        const first = yield* Effect.scoped(Effect.gen(function* () {
          const server = yield* EmbeddedPostgres.make({ directory, database: "candles" });
          assert.deepStrictEqual(
            yield* query(
              server.url,
              `select current_database(), current_setting('server_encoding'), current_setting('TimeZone'),
               datcollate, current_setting('fsync'), current_setting('listen_addresses')
             from pg_database where datname = current_database()`,
            ),
            [["candles", "UTF8", "UTC", "C", "on", "127.0.0.1"]],
          );
          yield* query(server.url, "create table kept as select 42 as answer");
          return server;
        }));
        assert.isUndefined(yield* serverPid(directory));
        yield* Effect.scoped(Effect.gen(function* () {
          const again = yield* EmbeddedPostgres.make({ directory, database: "candles" });
          assert.deepStrictEqual(yield* query(again.url, "select answer from kept"), [[42]]);
          assert.strictEqual(again.displayUrl, first.displayUrl);
        }));
      }),
    TIMEOUT,
  );

  it.live(
    "is shared by several users with a database each, and ends with the last",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory;
        const [left, right] = [yield* Scope.make(), yield* Scope.make()];
        const joined = (database: string, scope: Scope.Closeable) =>
          Scope.provide(EmbeddedPostgres.make({ directory, database }), scope);
        const [real, sandbox] = yield* Effect.all([joined("real", left), joined("sandbox", right)], {
          concurrency: "unbounded",
        });
        assert.strictEqual(real.port, sandbox.port);
        const pid = yield* serverPid(directory);
        yield* Scope.close(left, Exit.void);
        assert.strictEqual(yield* serverPid(directory), pid);
        assert.deepStrictEqual(yield* query(sandbox.url, "select current_database()"), [["sandbox"]]);
        yield* Scope.close(right, Exit.void);
        assert.isUndefined(yield* serverPid(directory));
      }),
    TIMEOUT,
  );

  it.live("shows no password, and takes none but the right one", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      const { url, displayUrl, port } = yield* EmbeddedPostgres.make({ directory, database: "candles" });
      const password = new URL(Redacted.value(url)).password;
      assert.isAtLeast(password.length, 43);
      assert.notInclude(displayUrl, password);
      assert.notInclude(
        yield* Effect.promise(() => Deno.readTextFile(join(directory, "server.log"))),
        password,
      );
      const wrong = Redacted.make(`postgres://candlewick:guess@127.0.0.1:${port}/candles`);
      assert.isTrue(Exit.isFailure(yield* Effect.exit(query(wrong, "select 1"))));
      for (const [name, mode] of [[".", 0o700], ["pgpass", 0o600], ["data", 0o700]] as const) {
        const stat = yield* Effect.promise(() => Deno.stat(join(directory, name)));
        assert.strictEqual((stat.mode ?? 0) & 0o777, mode, name);
      }
    }).pipe(Effect.scoped), TIMEOUT);

  describe.skipIf(!hasPsql)("for people (needs psql)", () => {
    it.live("psql opens the printed connection string", () =>
      Effect.gen(function* () {
        const directory = join(yield* temporaryDirectory, "with space & sign");
        const { displayUrl } = yield* EmbeddedPostgres.make({ directory, database: "candles" });
        assert.strictEqual(
          yield* Effect.promise(() => psql(displayUrl, "select current_user")),
          "candlewick",
        );
      }).pipe(Effect.scoped), TIMEOUT);
  });

  it.live("moves to another port when its own is taken, and stays there", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      const start = Effect.scoped(EmbeddedPostgres.make({ directory, database: "candles" }));
      const before = yield* start;
      const moved = yield* Effect.acquireUseRelease(
        Effect.sync(() => Deno.listen({ hostname: "127.0.0.1", port: before.port })),
        () => start,
        (listener) => Effect.sync(() => listener.close()),
      );
      assert.notStrictEqual(moved.port, before.port);
      assert.strictEqual((yield* start).port, moved.port);
    }), TIMEOUT);
});
