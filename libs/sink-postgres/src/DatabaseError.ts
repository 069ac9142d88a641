import { errorsBy, type Fault } from "@candlewick/sql-store";
import { Data, Predicate } from "effect";

export const PLUGIN = "postgres";

/** What went wrong between this package and PostgreSQL, before it is known what was being done. */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{
  readonly fault: Fault;
  /** For users; no secret. */
  readonly message: string;
  /** SQLSTATE, or the code of a connection error such as `ECONNREFUSED`; empty for errors found here. */
  readonly code: string;
  /** PostgreSQL's DETAIL: `Key (a, b)=(1, x) already exists.` */
  readonly detail: string;
  /** PostgreSQL's CONTEXT: `COPY candles, line 17, column ts: ...` */
  readonly context: string;
  readonly table: string;
  readonly column: string;
  readonly constraint: string;
}> {}

/** The same error, better understood. Its own message is no enumerable property. */
export const withMeaning = (error: DatabaseError, fault: Fault, message: string): DatabaseError =>
  new DatabaseError({ ...error, fault, message });

/** An error found on this side. */
export const failure = (fault: Fault, message: string): DatabaseError =>
  new DatabaseError({
    fault,
    message,
    code: "",
    detail: "",
    context: "",
    table: "",
    column: "",
    constraint: "",
  });

const byCode: Readonly<Record<string, Fault>> = {
  "23P01": "constraint",
  // A standby, or a server that was made read-only: no other unit would fare better.
  "25006": "connection",
  "25P03": "connection",
  "25P04": "connection",
  "42501": "schema",
  "53000": "capacity",
  "53300": "connection",
  // A limit that the server's settings put on one operation, not the disk.
  "53400": "constraint",
  "54000": "constraint",
  "55006": "conflict",
  "55P03": "conflict",
  // Statement timeout: with less going on it may succeed.
  "57014": "conflict",
  "57P01": "connection",
  "57P02": "connection",
  "57P03": "connection",
  "57P04": "connection",
  "57P05": "connection",
  XX001: "damage",
  XX002: "damage",
};

/** By the first two characters, the class. */
const byClass: Readonly<Record<string, Fault>> = {
  "08": "connection",
  "22": "constraint",
  "23": "constraint",
  "28": "connection",
  "40": "conflict",
  "53": "capacity",
  "54": "constraint",
  "57": "connection",
  "58": "capacity",
  // Internal errors are mostly two definitions changed at once: "tuple concurrently updated".
  XX: "conflict",
};

/** The fault that a SQLSTATE stands for: https://www.postgresql.org/docs/18/errcodes-appendix.html */
export const faultOfState = (state: string): Fault => byCode[state] ?? byClass[state.slice(0, 2)] ?? "schema";

/** Unlike `EPIPE`, which is as long. */
const SQLSTATE = /^[0-9FHPX][0-9A-Z]{4}$/;

const LONGEST_DETAIL = 300;

const text = (value: unknown): string => typeof value === "string" ? value : "";

const readable = (
  error: Pick<DatabaseError, "message" | "detail" | "column">,
  hint: string,
): string => {
  const detail = error.detail.length > LONGEST_DETAIL
    ? `${error.detail.slice(0, LONGEST_DETAIL)}...`
    : error.detail;
  const named = error.column === "" || error.message.includes(`"${error.column}"`)
    ? error.message
    : `${error.message} (column "${error.column}")`;
  return [named, detail, hint].filter((part) => part !== "").map((part) => part.replace(/\.$/, "")).join(
    ": ",
  );
};

/** An address with several IP addresses fails with the errors of all. */
const messageOf = (cause: unknown): string =>
  cause instanceof AggregateError
    ? cause.errors.map(messageOf).join("; ")
    : cause instanceof Error
    ? cause.message
    : String(cause);

/** Whether an exception is a mistake of a program, and no failure of a connection. */
export const isBug = (cause: unknown): boolean =>
  (cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError ||
    cause instanceof SyntaxError) && !("code" in cause);

/** Reads what postgres.js throws: an ErrorResponse of the server, or an error of its socket. */
export const fromThrown = (cause: unknown): DatabaseError => {
  if (cause instanceof DatabaseError) return cause;
  const fields: Readonly<Record<string, unknown>> = Predicate.isObject(cause) ? { ...cause } : {};
  const code = text(fields.code);
  const message = messageOf(cause);
  const error = {
    code,
    message,
    detail: text(fields.detail),
    context: text(fields.where),
    table: text(fields.table_name),
    column: text(fields.column_name),
    constraint: text(fields.constraint_name),
  };
  return SQLSTATE.test(code)
    ? new DatabaseError({ ...error, fault: faultOfState(code), message: readable(error, text(fields.hint)) })
    : new DatabaseError({ ...error, fault: "connection", message: `the connection failed: ${message}` });
};

/** The line of a COPY at which the server stopped, from 1. */
export const copyLine = (error: DatabaseError): number | undefined => {
  const match = /^COPY .*?, line (\d+)/m.exec(error.context);
  return match === null ? undefined : Number(match[1]);
};

export const { during, pluginError } = errorsBy(PLUGIN);
