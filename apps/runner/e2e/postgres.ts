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
  /** Makes a copy of a database that nobody is connected to; its connection string. */
  readonly copyOf: (database: string) => Promise<string>;
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
  const freshDatabase = () => Effect.runPromise(Effect.map(server.freshDatabase, Redacted.value));
  return {
    freshDatabase,
    copyOf: async (database) => {
      const url = new URL(await freshDatabase());
      const name = url.pathname.slice(1);
      await using maintenance = await connect(new URL("/postgres", url).href);
      await maintenance.query(`drop database ${name}`);
      await maintenance.query(`create database ${name} template ${database}`);
      return url.href;
    },
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
  // Awaited, for the client sends nothing before somebody does.
  const query = async (statement: string) => await client.unsafe(statement);
  const until = async (condition: string): Promise<void> => {
    while ((await query(`select 1 where ${condition}`)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { query, until, [Symbol.asyncDispose]: () => client.end({ timeout: 0 }) };
};

interface DiskModule {
  readonly canMakeDisks: boolean;
  readonly smallTablespace: (
    database: { readonly sql: (text: string) => Effect.Effect<ReadonlyArray<ReadonlyArray<string | null>>> },
    tablespace: string,
    megabytes: number,
  ) => Effect.Effect<{ readonly grow: (megabytes: number) => Effect.Effect<void> }, never, Scope.Scope>;
}

/** A small disk with a tablespace on it. */
export interface TestDisk extends AsyncDisposable {
  readonly grow: (megabytes: number) => void;
}

export interface TestDisks {
  readonly make: (at: TestSql, tablespace: string, megabytes: number) => Promise<TestDisk>;
}

/** What makes small disks, where the machine lets tests do that. */
export const smallDisks = async (): Promise<TestDisks | undefined> => {
  const { canMakeDisks, smallTablespace }: DiskModule = await import(
    pathToFileURL(inSink("src/testing/smallTablespace.ts")).href
  );
  if (!canMakeDisks) return undefined;
  return {
    make: async (at, tablespace, megabytes) => {
      const scope = Scope.makeUnsafe();
      const sql = (text: string) =>
        Effect.promise(async () =>
          (await at.query(text)).map((row) => Object.values(row) as ReadonlyArray<string | null>)
        );
      const disk = await Effect.runPromise(
        Scope.provide(scope)(smallTablespace({ sql }, tablespace, megabytes)),
      );
      return {
        grow: (size) => Effect.runSync(disk.grow(size)),
        [Symbol.asyncDispose]: () => Effect.runPromise(Scope.close(scope, Exit.void)),
      };
    },
  };
};
