import { Clock, Effect, type Redacted, type Scope } from "effect";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "../workspace.ts";

/*
 * What the harness takes from packages of plugins: their servers for tests. They are found as the runner finds
 * plugins, so the runner's package names none of them; here stands what is used of each.
 */

/** A request as the sandbox logs it. */
export interface LoggedRequest {
  /** Counts all requests from 1. */
  readonly ordinal: number;
  readonly route: string;
  readonly parts: ReadonlyArray<string>;
  readonly query: string;
  readonly fault: string | undefined;
}

export interface Sandbox {
  readonly url: string;
  readonly apiKey: string;
  readonly accessToken: string;
  readonly selection: ReadonlyArray<string>;
  /** Oldest first. */
  readonly log: () => ReadonlyArray<LoggedRequest>;
}

/** A way for an answer to go wrong; what it is made of is the sandbox's own. */
export interface Fault {
  readonly name: string;
}

export interface Faults {
  readonly respond: (
    status: number,
    body: string,
    contentType?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Fault;
  readonly html: Fault;
  readonly cutGzip: (kept: number) => Fault;
  readonly cutContent: (kept: number) => Fault;
  readonly cutBody: (kept: number) => Fault;
  readonly reset: Fault;
  readonly hang: Fault;
  readonly slow: (millis: number) => Fault;
  readonly drip: (pieces: number, millis: number) => Fault;
}

export type Chooser = (request: LoggedRequest) => Fault | undefined;

interface SandboxPackage {
  readonly makeSandbox: (options: {
    readonly limits: "off";
    readonly latencyMillis: number;
    readonly logSize: number;
    readonly fault: Chooser;
  }) => Effect.Effect<Sandbox, Error, Scope.Scope>;
  readonly Faults: Faults;
}

interface PostgresForTests {
  readonly temporaryPostgres: Effect.Effect<
    { readonly freshDatabase: Effect.Effect<Redacted.Redacted<string>, Error> },
    Error,
    Scope.Scope
  >;
}

/** What is used of postgres.js, the client that the PostgreSQL sink brings. */
export interface Client {
  readonly unsafe: <Row>(
    statement: string,
    values?: ReadonlyArray<unknown>,
  ) => Promise<ReadonlyArray<Row>>;
  /** A connection for oneself, until it is released. */
  readonly reserve: () => Promise<Client & { readonly release: () => void }>;
  readonly end: (options: { readonly timeout: number }) => Promise<void>;
}

interface ClientPackage {
  readonly default: (url: string, options: Readonly<Record<string, unknown>>) => Client;
}

const sandboxPackage = (): Promise<SandboxPackage> =>
  import(pathToFileURL(join(folderOf("sandbox", "kite-sandbox"), "src/index.ts")).href);

const inSink = (path: string) => join(folderOf("sink", "postgres"), path);

/** A clock that stands still, so that what the sandbox lists and answers never depends on the day of the test. */
const stoppedAt = (instant: number): Clock.Clock => {
  const real = Clock.Clock.defaultValue();
  return Object.create(real, {
    currentTimeMillisUnsafe: { value: () => instant },
    currentTimeMillis: { value: Effect.succeed(instant) },
  });
};

/** A sandbox in this process, without rate limits, on a day of its own. */
export const openSandbox = (
  options: {
    /** Epoch ms. */
    readonly now: number;
    readonly latencyMillis: number;
    readonly faults?: (faults: Faults) => Chooser;
  },
): Effect.Effect<Sandbox, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const { Faults, makeSandbox } = yield* Effect.promise(sandboxPackage);
    return yield* makeSandbox({
      limits: "off",
      latencyMillis: options.latencyMillis,
      logSize: 1_000_000,
      fault: options.faults?.(Faults) ?? (() => undefined),
    }).pipe(Effect.provideService(Clock.Clock, stoppedAt(options.now)));
  });

/** A PostgreSQL server of one's own, and the connection string of an empty database on it. */
export const openPostgres = Effect.gen(function* () {
  const { temporaryPostgres }: PostgresForTests = yield* Effect.promise(() =>
    import(pathToFileURL(inSink("src/embedded/testing.ts")).href)
  );
  return yield* (yield* temporaryPostgres).freshDatabase;
});

/** Connects to a database. */
export const connect = async (url: string): Promise<Client> => {
  const entry = createRequire(inSink("package.json")).resolve("postgres");
  const { default: postgres }: ClientPackage = await import(pathToFileURL(entry).href);
  return postgres(url, {
    max: 3,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: "crash harness" },
  });
};
