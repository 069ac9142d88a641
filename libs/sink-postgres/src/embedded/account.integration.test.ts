import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { join } from "node:path";
import { unprivilegedAccount } from "./account.ts";
import { query, serverPid, temporaryDirectory } from "./fixtures/places.ts";
import { startRun } from "./fixtures/runs.ts";
import { EmbeddedPostgres } from "./index.ts";

const TIMEOUT = 60_000;
const isRoot = Deno.uid() === 0;

/** Runs a program as `nobody`, without any right of root's. */
const nobody = unprivilegedAccount(
  (await Deno.readTextFile("/etc/passwd").catch(() => "")).replace(/^postgres:/m, "x:"),
) ?? { uid: 65_534, gid: 65_534 };
const asNobody = [
  "/usr/bin/setpriv",
  `--reuid=${nobody.uid}`,
  `--regid=${nobody.gid}`,
  "--clear-groups",
] as const;
const nobodyCanRead = isRoot &&
  (await new Deno.Command(asNobody[0], {
    args: [...asNobody.slice(1), "test", "-r", new URL("index.ts", import.meta.url).pathname],
  }).output()).success;

describe("unprivilegedAccount", () => {
  const passwd = (...lines: ReadonlyArray<string>) =>
    ["root:x:0:0:root:/root:/bin/bash", ...lines, ""].join("\n");
  const nobody = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";

  it("is postgres where there is one, else nobody", () => {
    assert.deepStrictEqual(unprivilegedAccount(passwd(nobody)), { uid: 65534, gid: 65533 });
    assert.deepStrictEqual(
      unprivilegedAccount(passwd(nobody, "postgres:x:101:104::/var/lib/postgresql:/bin/bash")),
      { uid: 101, gid: 104 },
    );
  });

  it("is never root, and undefined where there is none", () => {
    assert.isUndefined(unprivilegedAccount(passwd()));
    assert.isUndefined(unprivilegedAccount(passwd("postgres:x:0:0::/:/bin/sh", "nobody:x:+::::")));
    assert.isUndefined(unprivilegedAccount(""));
  });
});

describe.skipIf(!isRoot)("run by root (needs to be root)", () => {
  it.live(
    "the server runs as another account, in a folder that only root can enter",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory;
        const { url } = yield* EmbeddedPostgres.make({ directory, database: "candlewick" });
        assert.deepStrictEqual(yield* query(url, "select 1"), [[1]]);
        const outer = yield* Effect.promise(() => Deno.stat(join(directory, "..")));
        assert.deepStrictEqual([outer.uid, (outer.mode ?? 0) & 0o777], [0, 0o700]);
        const data = yield* Effect.promise(() => Deno.stat(join(directory, "data")));
        assert.notStrictEqual(data.uid, 0);
        const status = yield* Effect.flatMap(
          serverPid(directory),
          (pid) => Effect.promise(() => Deno.readTextFile(`/proc/${pid}/status`)),
        );
        assert.match(status, new RegExp(`^Uid:\\s${data.uid}\\s${data.uid}\\s`, "m"));
        // Bit 1 is CAP_DAC_OVERRIDE.
        assert.match(status, /^CapPrm:\s0*2$/m);
      }).pipe(Effect.scoped),
    TIMEOUT,
  );
});

describe.skipIf(!nobodyCanRead)(
  "run by an ordinary user (needs to be root, in a folder that others may read)",
  () => {
    it.live("the server runs as that user", () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory;
        const project = join(directory, "..");
        yield* Effect.promise(() => Deno.chown(project, nobody.uid, nobody.gid));
        const run = yield* startRun(directory, {
          prefix: asNobody,
          env: { DENO_DIR: join(project, "deno"), HOME: project },
        });
        const report = yield* run.report;
        assert.isNumber(report.port, report.message);
        const data = yield* Effect.promise(() => Deno.stat(join(directory, "data")));
        assert.strictEqual(data.uid, nobody.uid);
        yield* run.leave;
        assert.isUndefined(yield* serverPid(directory));
      }).pipe(Effect.scoped), TIMEOUT);

    it.live(
      "a folder that belongs to another user is refused with the way out",
      () =>
        Effect.gen(function* () {
          const directory = yield* temporaryDirectory;
          const project = join(directory, "..");
          yield* Effect.promise(async () => {
            await Deno.mkdir(directory, { mode: 0o700 });
            await Deno.chmod(project, 0o777);
          });
          const run = yield* startRun(directory, {
            prefix: asNobody,
            env: { DENO_DIR: join(project, "deno"), HOME: project },
          });
          const { reason, message } = yield* run.report;
          assert.strictEqual(reason, "folder");
          assert.match(message ?? "", /Run as the user that the folder belongs to, or set DATABASE_URL/);
        }).pipe(Effect.scoped),
      TIMEOUT,
    );
  },
);
