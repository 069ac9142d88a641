import { Effect, Exit, Redacted, Scope } from "effect";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "./workspace.ts";

/** What these tests use of the sink's server for tests; they may not import it, as the runner imports no plugin. */
interface ServerModule {
  readonly temporaryPostgres: Effect.Effect<
    {
      readonly freshDatabase: Effect.Effect<Redacted.Redacted<string>, Error>;
      readonly stop: (mode: "fast" | "immediate") => Effect.Effect<void, Error>;
      readonly start: Effect.Effect<void, Error>;
    },
    Error,
    Scope.Scope
  >;
}

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>;

interface Client {
  readonly unsafe: (statement: string) => Promise<Rows>;
  readonly end: (options: { readonly timeout: number }) => Promise<void>;
}

interface ClientModule {
  readonly default: (url: string, options: Readonly<Record<string, unknown>>) => Client;
}

/** One connection to a database, on which statements run one after the other. */
export interface TestSql extends AsyncDisposable {
  readonly query: (statement: string) => Promise<Rows>;
  /** Asks until the condition holds. */
  readonly until: (condition: string) => Promise<void>;
}

/** A PostgreSQL server of a test's own. */
export interface TestServer extends AsyncDisposable {
  /** Makes an empty database; its connection string. */
  readonly freshDatabase: () => Promise<string>;
  readonly stop: (mode: "fast" | "immediate") => Promise<void>;
  readonly start: () => Promise<void>;
}

const inSink = (path: string) => join(folderOf("sink", "postgres"), path);

/** Starts a server, which runs until it is disposed of. */
export const startPostgres = async (): Promise<TestServer> => {
  const { temporaryPostgres }: ServerModule = await import(
    pathToFileURL(inSink("src/embedded/testing.ts")).href
  );
  const scope = Scope.makeUnsafe();
  const server = await Effect.runPromise(Scope.provide(scope)(temporaryPostgres));
  return {
    freshDatabase: () => Effect.runPromise(Effect.map(server.freshDatabase, Redacted.value)),
    stop: (mode) => Effect.runPromise(server.stop(mode)),
    start: () => Effect.runPromise(server.start),
    [Symbol.asyncDispose]: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  };
};

/** Connects to a database with the client that the sink brings. */
export const connect = async (url: string): Promise<TestSql> => {
  const entry = createRequire(inSink("package.json")).resolve("postgres");
  const { default: postgres }: ClientModule = await import(pathToFileURL(entry).href);
  const client = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: "test" },
  });
  const query = (statement: string) => client.unsafe(statement);
  const until = async (condition: string): Promise<void> => {
    while ((await query(`select 1 where ${condition}`)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { query, until, [Symbol.asyncDispose]: () => client.end({ timeout: 0 }) };
};
