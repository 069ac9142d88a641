import { Effect } from "effect";

/** The client that every floor is taken with; absent on machines without PostgreSQL's own tools. */
export interface Psql {
  /** Runs a script; fails with what psql says. */
  readonly run: (script: string) => Effect.Effect<string, Error>;
  /** Runs a script and tells the milliseconds that the whole process took. */
  readonly time: (script: string) => Effect.Effect<number, Error>;
}

const execute = (url: string, script: string) =>
  Effect.tryPromise({
    try: async () => {
      const child = new Deno.Command("psql", {
        args: ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(script));
      await writer.close();
      const { success, stdout, stderr } = await child.output();
      if (!success) throw new Error(`psql: ${new TextDecoder().decode(stderr).trim()}`);
      return new TextDecoder().decode(stdout).trim();
    },
    catch: (cause) => cause instanceof Error ? cause : new Error(String(cause)),
  });

/** psql on the path, connected to a database, or undefined. */
export const connect = (url: string): Effect.Effect<Psql | undefined> =>
  execute(url, "select 1;").pipe(
    Effect.as({
      run: (script: string) => execute(url, script),
      time: (script: string) =>
        Effect.gen(function* () {
          const began = performance.now();
          yield* execute(url, script);
          return performance.now() - began;
        }),
    }),
    Effect.orElseSucceed(() => undefined),
  );

/** The connection string in a sink's description of where its data lies. */
export const urlIn = (location: string): string =>
  /postgres(?:ql)?:\/\/[^\s"']+/.exec(location)?.[0] ?? location;
