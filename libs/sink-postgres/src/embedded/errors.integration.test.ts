import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { dirname, join } from "node:path";
import { packageFolder, prepareBinaries } from "./binaries.ts";
import { run } from "./command.ts";
import { serverPid, temporaryCluster, temporaryDirectory } from "./fixtures/places.ts";
import { startRun } from "./fixtures/runs.ts";
import { EmbeddedPostgres } from "./index.ts";
import { layoutOf, prepareFolder } from "./layout.ts";

const TIMEOUT = 60_000;

/** Why the server could not be had; every message names a way out. */
const refusal = (directory: string, database = "candlewick") =>
  Effect.map(Effect.flip(Effect.scoped(EmbeddedPostgres.make({ directory, database }))), (error) => {
    assert.match(error.message, /set DATABASE_URL to a PostgreSQL server of your own\.$/i);
    return error;
  });

describe("what cannot work says why and what to do", () => {
  it.live("a folder that cannot be made", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory;
      yield* Effect.promise(() => Deno.writeTextFile(directory, "a file in its place"));
      const error = yield* refusal(join(directory, "postgres"));
      assert.strictEqual(error.reason, "folder");
      assert.include(error.message, directory);
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("data of another major version; it is left alone", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      const version = join(directory, "data", "PG_VERSION");
      yield* Effect.promise(() => Deno.writeTextFile(version, "12\n"));
      const error = yield* refusal(directory);
      assert.strictEqual(error.reason, "version");
      assert.match(error.message, /holds data of PostgreSQL 12, and this is PostgreSQL \d\d\. Move .* away/);
      assert.strictEqual(yield* Effect.promise(() => Deno.readTextFile(version)), "12\n");
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("a lost password", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      yield* Effect.promise(() => Deno.remove(join(directory, "pgpass")));
      const error = yield* refusal(directory);
      assert.strictEqual(error.reason, "password");
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("a password that is not the running server's", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryCluster;
      yield* EmbeddedPostgres.make({ directory, database: "candlewick" });
      const pgpass = join(directory, "pgpass");
      const right = yield* Effect.promise(() => Deno.readTextFile(pgpass));
      yield* Effect.promise(() => Deno.writeTextFile(pgpass, right.replace(/[^:]*$/, "guess\n")));
      const pid = yield* serverPid(directory);
      const error = yield* refusal(directory);
      assert.strictEqual(error.reason, "password");
      assert.notInclude(error.message, "guess");
      assert.strictEqual(yield* serverPid(directory), pid);
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("a name that is none for a database", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory;
      for (const name of ["", "Candles", "a-b", 'x"; drop table candles']) {
        assert.strictEqual((yield* refusal(directory, name)).reason, "database");
      }
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("a platform without binaries, and missing permissions", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(packageFolder("linux-riscv64"));
      assert.strictEqual(error.reason, "binaries");
      assert.include(error.message, "linux-riscv64");
      const directory = yield* temporaryDirectory;
      const report =
        yield* (yield* startRun(directory, { permittedFor: dirname(directory).concat("-elsewhere") })).report;
      assert.strictEqual(report.reason, "folder");
      assert.match(report.message ?? "", /--allow-write/);
    }).pipe(Effect.scoped), TIMEOUT);

  it.live("programs that this machine cannot run", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory;
      yield* prepareFolder(layoutOf(directory));
      const program = join(directory, "initdb");
      // Built for a loader that is not there, as on a system with musl.
      yield* Effect.promise(() => Deno.writeTextFile(program, "#!/no/such/loader\n", { mode: 0o755 }));
      const error = yield* Effect.flip(run([program], { cwd: directory, prefix: [] }));
      assert.strictEqual(error.reason, "binaries");
      assert.include(error.message, "glibc");
    }).pipe(Effect.scoped), TIMEOUT);
});

describe("installed without install scripts", () => {
  it.live("PostgreSQL gets the links that its libraries need", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory;
      const layout = layoutOf(directory);
      yield* prepareFolder(layout);
      const bare = join(directory, "bare");
      yield* copyWithoutLinks(yield* packageFolder(), bare);
      const binaries = yield* prepareBinaries(layout, bare);
      assert.isTrue(binaries.initdb.startsWith(layout.root), binaries.initdb);
      const { code, output } = yield* run([binaries.initdb, "--version"], { cwd: directory, prefix: [] });
      assert.strictEqual(code, 0, output);
      assert.include(output, `(PostgreSQL) ${binaries.major}.`);
      assert.deepStrictEqual(yield* prepareBinaries(layout, bare), binaries, "made once");
    }).pipe(Effect.scoped), TIMEOUT);
});

const copyWithoutLinks = (from: string, to: string): Effect.Effect<void> =>
  Effect.promise(async () => {
    const copy = async (from: string, to: string): Promise<void> => {
      await Deno.mkdir(to);
      for await (const { name, isDirectory, isSymlink } of Deno.readDir(from)) {
        if (isDirectory) await copy(join(from, name), join(to, name));
        else if (!isSymlink) await Deno.copyFile(join(from, name), join(to, name));
      }
    };
    await copy(from, to);
  });
