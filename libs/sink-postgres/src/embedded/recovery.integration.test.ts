import { assert, describe, it } from "@effect/vitest";
import { Effect, Option } from "effect";
import { join } from "node:path";
import {
  installationIn,
  killServer,
  query,
  serverPid,
  temporaryCluster,
  temporaryDirectory,
} from "./fixtures/places.ts";
import { startRun } from "./fixtures/runs.ts";
import { EmbeddedPostgres } from "./index.ts";
import { DRAFT } from "./layout.ts";

const TIMEOUT = 60_000;

const use = <A, E, R>(
  directory: string,
  body: (server: EmbeddedPostgres["Service"]) => Effect.Effect<A, E, R>,
) => Effect.scoped(Effect.flatMap(EmbeddedPostgres.make({ directory, database: "candlewick" }), body));

describe("runs of several processes", () => {
  it.live(
    "that start at once in a new folder share one server, and the last to leave stops it",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory;
        const [one, other] = [yield* startRun(directory), yield* startRun(directory)];
        const [first, second] = [yield* one.report, yield* other.report];
        assert.isNumber(first.port, first.message);
        assert.strictEqual(first.port, second.port);
        yield* one.leave;
        assert.isNumber(yield* serverPid(directory));
        yield* other.leave;
        assert.isUndefined(yield* serverPid(directory));
      }).pipe(Effect.scoped),
    TIMEOUT,
  );

  it.live(
    "survive the kill of one: its server is used by the next, and stopped at its end",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryCluster;
        const killed = yield* startRun(directory);
        const { port } = yield* killed.report;
        yield* killed.signal("SIGKILL", "run");
        const left = yield* serverPid(directory);
        assert.isNumber(left);
        yield* use(directory, (server) =>
          Effect.gen(function* () {
            assert.strictEqual(server.port, port);
            assert.strictEqual(yield* serverPid(directory), left);
          }));
        assert.isUndefined(yield* serverPid(directory));
      }).pipe(Effect.scoped),
    TIMEOUT,
  );

  it.live("Ctrl-C ends the run, not the server under its feet", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      const interrupted = yield* startRun(directory);
      yield* interrupted.report;
      const pid = yield* serverPid(directory);
      yield* interrupted.signal("SIGINT", "group");
      yield* use(directory, ({ url }) =>
        Effect.gen(function* () {
          assert.strictEqual(yield* serverPid(directory), pid);
          assert.deepStrictEqual(yield* query(url, "select 1"), [[1]]);
        }));
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("begin anew after a kill in the middle of initdb", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory;
      yield* installationIn(directory);
      const watcher = yield* Effect.acquireRelease(
        Effect.sync(() => Deno.watchFs(directory)),
        (watcher) => Effect.sync(() => watcher.close()),
      );
      const killed = yield* startRun(directory);
      yield* Effect.promise(async () => {
        for await (const { paths } of watcher) {
          if (paths.some((path) => path.includes(DRAFT) && path.endsWith("data"))) return;
        }
      });
      yield* killed.signal("SIGKILL", "group");
      assert.isUndefined((yield* killed.report).port);
      yield* use(directory, ({ url }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* query(url, "select 1"), [[1]]);
        }));
      const left = yield* Effect.promise(() => Array.fromAsync(Deno.readDir(directory)));
      assert.deepStrictEqual(left.filter(({ name }) => name.startsWith(DRAFT)), []);
    }).pipe(Effect.scoped), TIMEOUT);
});

describe("after the server was killed", () => {
  /** A folder with one committed row, whose server was killed. */
  const killedWithData = Effect.gen(function* () {
    const directory = yield* temporaryCluster;
    const pid = yield* use(directory, ({ url }) =>
      Effect.gen(function* () {
        yield* query(url, "create table kept (answer int)");
        yield* query(url, "insert into kept values (42)");
        const pid = yield* serverPid(directory);
        yield* killServer(directory);
        return pid;
      }));
    assert.strictEqual(yield* serverPid(directory), pid, "the pid file of the killed server lies there");
    return directory;
  });
  const answer = (directory: string) => use(directory, ({ url }) => query(url, "select answer from kept"));

  it.live("what was committed is there", () =>
    Effect.gen(function* () {
      const directory = yield* killedWithData;
      assert.deepStrictEqual(yield* answer(directory), [[42]]);
      assert.isUndefined(yield* serverPid(directory));
    }).pipe(Effect.scoped), TIMEOUT);

  it.live(
    "under a run that lives on, none is started before that run has left",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryCluster;
        const bereft = yield* startRun(directory);
        yield* bereft.report;
        yield* killServer(directory);
        const next = use(directory, ({ url }) => query(url, "select 1"));
        assert.isTrue(Option.isNone(yield* Effect.timeoutOption(next, "3 seconds")));
        yield* bereft.signal("SIGKILL", "run");
        assert.deepStrictEqual(yield* next, [[1]]);
      }).pipe(Effect.scoped),
    TIMEOUT,
  );

  it.live(
    "and its process number went to a stranger, the server starts all the same",
    () =>
      Effect.gen(function* () {
        const directory = yield* killedWithData;
        const { prefix } = yield* installationIn(directory);
        const [program = "sleep", ...args] = [...prefix, "sleep", "60"];
        const stranger = yield* Effect.acquireRelease(
          Effect.sync(() => new Deno.Command(program, { args }).spawn()),
          (stranger) =>
            Effect.promise(() => {
              stranger.kill();
              return stranger.status;
            }),
        );
        const pidFile = join(directory, "data", "postmaster.pid");
        yield* Effect.promise(async () => {
          const [, ...rest] = (await Deno.readTextFile(pidFile)).split("\n");
          await Deno.writeTextFile(pidFile, [stranger.pid, ...rest].join("\n"));
        });
        assert.deepStrictEqual(yield* answer(directory), [[42]]);
      }).pipe(Effect.scoped),
    TIMEOUT,
  );

  it.live("and its pid file was cut short, the server starts all the same", () =>
    Effect.gen(function* () {
      const directory = yield* killedWithData;
      yield* Effect.promise(() => Deno.writeTextFile(join(directory, "data", "postmaster.pid"), ""));
      assert.deepStrictEqual(yield* answer(directory), [[42]]);
    }).pipe(Effect.scoped), TIMEOUT);
});
