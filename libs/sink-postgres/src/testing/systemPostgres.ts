import { Effect, Layer, Redacted, Ref, type Scope } from "effect";
import { join } from "node:path";
import { asAccount, PASSWD, unprivilegedAccount } from "../embedded/account.ts";
import { EmbeddedPostgresError } from "../embedded/EmbeddedPostgresError.ts";
import { TemporaryPostgres } from "../embedded/testing.ts";

/*
 * A PostgreSQL of the machine's own, such as Debian's, in a temporary folder: the same tests run on it as on the
 * embedded server, which is of another major version.
 */

const output = (command: ReadonlyArray<string>): string | undefined => {
  try {
    const { stdout, success } = new Deno.Command(command[0]!, { args: command.slice(1), stderr: "null" })
      .outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
};

const bindir = output(["pg_config", "--bindir"]);

/** Version of the machine's server programs, `15.18`; undefined where there are none. */
export const systemVersion: string | undefined = bindir === undefined
  ? undefined
  : output([join(bindir, "postgres"), "--version"])?.match(/\d+\.\d+/)?.[0];

const SETTINGS =
  "fsync=off synchronous_commit=off full_page_writes=off max_connections=60 shared_buffers=64MB";

const freePort = (): number => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
};

const run = (program: string, args: ReadonlyArray<string>): Effect.Effect<void, EmbeddedPostgresError> =>
  Effect.tryPromise({
    try: async () => {
      const account = Deno.uid() === 0 ? unprivilegedAccount(Deno.readTextFileSync(PASSWD)) : undefined;
      const [command, ...rest] = [
        ...(account === undefined ? [] : asAccount(account)),
        join(bindir!, program),
        ...args,
      ] as [string, ...Array<string>];
      // pg_ctl's child keeps what it inherits, so that reading its output would wait for the server to end.
      const { success } = await new Deno.Command(command, { args: rest, stdout: "null", stderr: "null" })
        .output();
      if (!success) throw new Error(`${program} failed`);
    },
    catch: (cause) => new EmbeddedPostgresError({ reason: "server", message: String(cause) }),
  });

const server: Effect.Effect<TemporaryPostgres["Service"], EmbeddedPostgresError, Scope.Scope> = Effect.gen(
  function* () {
    const directory = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const made = Deno.makeTempDirSync({ prefix: "candlewick-system-" });
        const account = Deno.uid() === 0 ? unprivilegedAccount(Deno.readTextFileSync(PASSWD)) : undefined;
        if (account !== undefined) Deno.chownSync(made, account.uid, account.gid);
        return made;
      }),
      (made) => Effect.sync(() => Deno.removeSync(made, { recursive: true })),
    );
    const data = join(directory, "data");
    const port = freePort();
    yield* run("initdb", ["-D", data, "-U", "candlewick", "-A", "trust", "-E", "UTF8", "--no-sync"]);
    const options = [
      ...SETTINGS.split(" "),
      "listen_addresses=127.0.0.1",
      `unix_socket_directories=${directory}`,
      `port=${port}`,
    ].map((setting) => `-c ${setting}`).join(" ");
    const start = run("pg_ctl", ["-D", data, "-l", join(directory, "log"), "-w", "-o", options, "start"]);
    const stop = (mode: string) => run("pg_ctl", ["-D", data, "-w", "-m", mode, "stop"]);
    yield* Effect.acquireRelease(start, () => Effect.ignore(stop("immediate")));
    const count = yield* Ref.make(0);
    const urlOf = (database: string) => `postgres://candlewick:nobody-asks@127.0.0.1:${port}/${database}`;
    return {
      stop,
      start,
      freshDatabase: Effect.gen(function* () {
        const database = `test_${yield* Ref.updateAndGet(count, (n) => n + 1)}`;
        yield* run("createdb", ["-h", "127.0.0.1", "-p", String(port), "-U", "candlewick", database]);
        return Redacted.make(urlOf(database));
      }),
    };
  },
);

export const systemPostgres: Layer.Layer<TemporaryPostgres, EmbeddedPostgresError> = Layer.effect(
  TemporaryPostgres,
  server,
);
