import { literal } from "@candlewick/sql-store";
import { Effect, Redacted, type Scope } from "effect";
import postgres from "postgres";
import type { Socket } from "node:net";
import { type DatabaseError, failure, fromThrown, isBug } from "../DatabaseError.ts";
import type { Address } from "./address.ts";
import { CopyIn, CopyOut } from "./copy.ts";
import { type Backend, dial, requestCancel } from "./dial.ts";

export interface ConnectionOptions {
  /** Milliseconds to wait for a connection. */
  readonly connectTimeout: number;
  /** Milliseconds that a statement may take; 0 for as long as it needs. */
  readonly statementTimeout: number;
  /** Milliseconds to wait for a lock that another holds on a table or row; 0 for as long as it takes. */
  readonly lockTimeout: number;
}

/** Rows as text by position, and what the statement said of itself. */
export interface Answer {
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>;
  /** `INSERT`, `COMMIT`, `ROLLBACK` ... */
  readonly command: string;
}

/** All values travel as text, both ways: types are the business of the codecs. */
const plainText = {
  to: 25,
  from: [16, 17, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802],
  serialize: (value: string) => value,
  parse: (value: string) => value,
};

/** Bytes of rows gathered before they are read. */
const PIECE = 65_536;

/** How long what is left of an abandoned selection may still flow, before the connection is given up instead. */
const DRAIN = 100;

const sessionSettings = (address: Address, options: ConnectionOptions): string =>
  Object.entries({
    timezone: "UTC",
    datestyle: "ISO, YMD",
    standard_conforming_strings: "on",
    client_min_messages: "warning",
    extra_float_digits: "1",
    // Compiling a merge takes longer than the merge.
    jit: "off",
    // Plans follow the sizes of the tables, which grow by the minute.
    plan_cache_mode: "force_custom_plan",
    statement_timeout: String(options.statementTimeout),
    lock_timeout: String(options.lockTimeout),
    ...address.session,
    // What a transaction reads after it was given a lock must be what the holder before it has written.
    default_transaction_isolation: "read committed",
  }).map(([name, value]) => `select set_config(${literal(name)}, ${literal(value)}, false)`)
    .join(";");

/**
 * One connection of its own postgres.js client, which is never reconnected: a client that comes back silently
 * would go on outside the transaction it was in. Statements sent without waiting for one another run in order.
 */
export class Connection {
  readonly #sql: postgres.Sql;
  readonly #address: Address;
  readonly #timeout: number;
  #socket: Socket | undefined;
  #backend: Backend | undefined;
  #closed = false;
  readonly #ended = Promise.withResolvers<void>();

  /** Opened and set up; closed with the scope. */
  static readonly open = (
    address: Address,
    options: ConnectionOptions,
  ): Effect.Effect<Connection, DatabaseError, Scope.Scope> =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        const connection = new Connection(address, options);
        return awaiting(connection, () => connection.query(sessionSettings(address, options))).pipe(
          Effect.as(connection),
          Effect.onError(() => Effect.sync(() => connection.abandon())),
        );
      }),
      (connection) => Effect.sync(() => connection.close()),
      { interruptible: true },
    );

  private constructor(address: Address, options: ConnectionOptions) {
    this.#address = address;
    this.#timeout = options.connectTimeout;
    let dialled = false;
    this.#sql = postgres({
      host: address.host,
      port: address.port,
      database: address.database,
      ...(address.user === undefined ? {} : { user: address.user }),
      ...(address.password === undefined ? {} : { password: Redacted.value(address.password) }),
      ssl: address.ssl === "disable" ? false : address.ssl,
      socket: async () => {
        if (dialled) throw failure("connection", "the connection was closed by the server");
        dialled = true;
        const socket = await dial(address, options.connectTimeout);
        if (this.#closed) socket.destroy();
        this.#socket = socket;
        return socket;
      },
      connection: { application_name: "candlewick" },
      types: { plainText },
      max: 1,
      fetch_types: false,
      connect_timeout: Math.ceil(options.connectTimeout / 1_000),
      idle_timeout: 0,
      max_lifetime: null,
      onnotice: () => undefined,
      onclose: () => this.close(),
    } as postgres.Options<Record<string, postgres.PostgresType>>);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Number of the server process, once it has answered. */
  get pid(): number | undefined {
    return this.#backend?.pid;
  }

  /** Resolves when the connection is closed, by whomever. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Statements in simple protocol, separated by semicolons; the answer is the last one's. */
  query(text: string): Promise<Answer> {
    return this.#send(() => {
      // The protocol ends a statement at the first NUL, and takes the rest for a message that makes no sense.
      if (text.includes("\0")) {
        throw failure("schema", "a statement holds a NUL, which no text in PostgreSQL can");
      }
      return this.#sql.unsafe(text).values() as PromiseLike<unknown>;
    });
  }

  /** One statement, prepared once for the connection, with parameters as text. */
  prepared(text: string, parameters: ReadonlyArray<string>): Promise<Answer> {
    return this.#send(() =>
      this.#sql.unsafe(text, [...parameters], { prepare: true }).values() as PromiseLike<unknown>
    );
  }

  copyIn(text: string): CopyIn {
    return new CopyIn(this.#sql.unsafe(text));
  }

  copyOut(text: string): CopyOut {
    return new CopyOut(this.#sql.unsafe(text), PIECE, () => !this.#closed);
  }

  /** Waits a moment for an abandoned selection to end by itself; closes the connection when it does not. */
  async drain(copy: CopyOut): Promise<void> {
    const timer = setTimeout(() => this.abandon(), DRAIN);
    await copy.discard();
    clearTimeout(timer);
  }

  /** Cancels what the server does for this connection, and drops it at once. */
  abandon(): void {
    if (this.#closed) return;
    this.close();
    if (this.#backend !== undefined) {
      requestCancel(this.#address, this.#backend, this.#timeout).catch(() => undefined);
    }
    this.#socket?.destroy();
  }

  /** Takes leave of the server, which rolls back what was not committed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended.resolve();
    this.#sql.end({ timeout: 0 }).catch(() => undefined);
  }

  async #send(start: () => PromiseLike<unknown>): Promise<Answer> {
    if (this.#closed) throw failure("connection", "the connection is closed");
    const settled = await start() as Result | ReadonlyArray<Result>;
    const result = isResult(settled) ? settled : settled.at(-1)!;
    this.#backend ??= result.state;
    return { rows: result, command: result.command };
  }
}

/** What postgres.js answers, one for each statement. */
type Result = ReadonlyArray<ReadonlyArray<string | null>> & {
  readonly command: string;
  readonly state: Backend;
};

const isResult = (settled: Result | ReadonlyArray<Result>): settled is Result => "command" in settled;

/** Runs what a connection promises; an interrupted statement is cancelled and costs the connection. */
export const awaiting = <A>(
  connection: Connection,
  start: () => Promise<A>,
): Effect.Effect<A, DatabaseError> =>
  Effect.callback((resume) => {
    start().then(
      (value) => resume(Effect.succeed(value)),
      (cause) => resume(isBug(cause) ? Effect.die(cause) : Effect.fail(fromThrown(cause))),
    );
    return Effect.sync(() => connection.abandon());
  });
