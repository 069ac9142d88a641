import { Effect, Redacted } from "effect";
import postgres from "postgres";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import type { Layout } from "./layout.ts";
import { ROLE } from "./password.ts";

/** Always there, and never dropped: where one connects to create others. */
export const MAINTENANCE = "postgres";

export interface Address {
  readonly port: number;
  readonly password: Redacted.Redacted<string>;
}

/**
 * What answers at an address:
 *
 * - `ready`: our server
 * - `notYet`: a PostgreSQL that is starting, recovering or stopping
 * - `wrongPassword`: a PostgreSQL that is not ours, or whose password file was changed
 * - `nobody`: nothing, or something else
 */
export type Answer = "ready" | "notYet" | "wrongPassword" | "nobody";

/** SQLSTATE codes: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
const INVALID_PASSWORD = "28P01";
const NO_SUCH_DATABASE = "3D000";
const DISK_FULL = "53100";

/** Seconds to wait for an answer. */
const CONNECT_TIMEOUT = 5;

interface Refusal {
  /** SQLSTATE, or postgres.js's own. */
  readonly code: string;
  readonly message: string;
}

const withConnection = <A>(address: Address, database: string, use: (sql: postgres.Sql) => Promise<A>) =>
  Effect.tryPromise({
    try: async () => {
      const sql = postgres({
        host: "127.0.0.1",
        port: address.port,
        username: ROLE,
        password: Redacted.value(address.password),
        database,
        max: 1,
        connect_timeout: CONNECT_TIMEOUT,
        fetch_types: false,
        onnotice: () => undefined,
      });
      try {
        return await use(sql);
      } finally {
        await sql.end({ timeout: 1 });
      }
    },
    catch: (cause): Refusal => ({
      code: cause instanceof Error && "code" in cause ? String(cause.code) : "",
      message: cause instanceof Error ? cause.message : String(cause),
    }),
  });

/** Asks who answers; the server proves that it knows our password as we prove it to the server (SCRAM). */
export const ask = (address: Address): Effect.Effect<Answer> =>
  withConnection(address, MAINTENANCE, (sql) => sql`select 1`).pipe(
    Effect.as("ready" as const),
    Effect.catch(({ code }) => Effect.succeed(answerOf(code))),
  );

const answerOf = (code: string): Answer => {
  switch (code) {
    case TOO_MANY_CONNECTIONS:
      return "ready";
    case CANNOT_CONNECT_NOW:
    case "CONNECT_TIMEOUT":
      return "notYet";
    case INVALID_PASSWORD:
    case "SASL_SIGNATURE_MISMATCH":
      return "wrongPassword";
    default:
      return "nobody";
  }
};

/** Creates the database where it is missing. Hold the control lock, so that no other run does the same. */
export const ensureDatabase = (
  address: Address,
  database: string,
): Effect.Effect<void, EmbeddedPostgresError> =>
  withConnection(address, database, (sql) => sql`select 1`).pipe(
    Effect.asVoid,
    Effect.catch((error) =>
      error.code === NO_SUCH_DATABASE
        ? createDatabase(address, database)
        : Effect.fail(cannotOpen(database, error))
    ),
  );

/** Creates an empty database, which must not be there. */
export const createDatabase = (
  address: Address,
  database: string,
): Effect.Effect<void, EmbeddedPostgresError> =>
  withConnection(address, MAINTENANCE, (sql) => sql`create database ${sql(database)} template template0`)
    .pipe(
      Effect.asVoid,
      Effect.mapError((error) => cannotOpen(database, error)),
    );

const cannotOpen = (database: string, { code, message }: Refusal): EmbeddedPostgresError => {
  const problem = `The embedded PostgreSQL does not open the database ${database}: ${message}`;
  return code === DISK_FULL
    ? failure("capacity", problem, "Free some disk space")
    : failure("database", problem);
};

/** For programs, with the password. */
export const urlOf = (address: Address, database: string): Redacted.Redacted<string> =>
  Redacted.make(
    `postgres://${ROLE}:${Redacted.value(address.password)}@127.0.0.1:${address.port}/${database}`,
  );

/** For people and psql: it names the file that holds the password. */
export const displayUrlOf = (port: number, database: string, layout: Layout): string =>
  `postgres://${ROLE}@127.0.0.1:${port}/${database}?passfile=${
    encodeURIComponent(layout.pgpass).replaceAll("%2F", "/")
  }`;
