import { errorsBy, type Fault } from "@candlewick/sql-store";
import { Data } from "effect";

export const PLUGIN = "duckdb";

/** What is known of an error beyond its text: DuckDB gives errors no codes, only the words they begin with. */
export type Kind =
  /** A class of DuckDB's: `Constraint`, `IO`, `TransactionContext` ... */
  | "DuckDB"
  /** Another process has the file open. */
  | "locked"
  /** The file is no database of DuckDB. */
  | "foreign"
  /** The file was written by a version of DuckDB that this one does not understand. */
  | "version"
  /** The file or its log is a database of DuckDB, and damaged. */
  | "corrupt"
  /** Found on this side. */
  | "own";

/** What went wrong between this package and DuckDB, before it is known what was being done. */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{
  readonly fault: Fault;
  /** For users; no secret. */
  readonly message: string;
  readonly kind: Kind;
}> {}

/** The same error, better understood. Its own message is no enumerable property. */
export const withMeaning = (error: DatabaseError, fault: Fault, message: string): DatabaseError =>
  new DatabaseError({ kind: error.kind, fault, message });

/** An error found on this side. */
export const failure = (fault: Fault, message: string): DatabaseError =>
  new DatabaseError({ fault, message, kind: "own" });

/** By the words before " Error: ". */
const byClass: Readonly<Record<string, Fault>> = {
  Binder: "schema",
  Catalog: "schema",
  Connection: "connection",
  Constraint: "constraint",
  Conversion: "constraint",
  Dependency: "schema",
  // The database is closed to everyone until it is opened again.
  FATAL: "connection",
  INTERNAL: "connection",
  INTERRUPT: "conflict",
  "Invalid Input": "constraint",
  "Invalid Type": "schema",
  IO: "connection",
  "Mismatch Type": "schema",
  "Missing Extension": "schema",
  "Not implemented": "schema",
  "Out of Memory": "capacity",
  "Out of Range": "constraint",
  Parser: "schema",
  Permission: "schema",
  Serialization: "connection",
  TransactionContext: "conflict",
};

const CLASS = /^([A-Za-z ]+?) Error: /;
const FULL = /no space left|disk quota|out of disk|not enough space|file too large|max_temp_directory_size/i;
const UNIQUE = /duplicate key|violates (?:unique|primary key) constraint/i;
/** What keeps a sound file from being read. */
const ELSEWHERE =
  /no space left|disk quota|out of memory|too many open files|permission denied|access is denied/i;
const DAMAGED =
  /corrupt|could not read enough bytes|^Serialization Error|computed checksum|while replaying WAL|WAL file.*(?:checksum|version)|database file appears|invalid(?:ated)? (?:block|pointer)|failed to read.*WAL/i;

const kindOf = (message: string): Kind => {
  if (/could not set lock on file|being used by another process/i.test(message)) return "locked";
  if (/not a valid DuckDB database file|cannot open encrypted|is encrypted/i.test(message)) return "foreign";
  if (/version number/i.test(message) && /can only read/i.test(message)) return "version";
  return DAMAGED.test(message) && !ELSEWHERE.test(message) ? "corrupt" : "DuckDB";
};

/** The fault that an error text of DuckDB stands for. */
export const faultOfText = (message: string): Fault => {
  // Whatever operation it was that met the full disk.
  if (FULL.test(message)) return "capacity";
  switch (kindOf(message)) {
    case "locked":
      return "conflict";
    case "foreign":
    case "version":
    case "corrupt":
      return "schema";
    default: {
      const named = CLASS.exec(message)?.[1] ?? "";
      return named === "TransactionContext" && UNIQUE.test(message)
        ? "constraint"
        : byClass[named] ?? "connection";
    }
  }
};

const LONGEST = 500;

/** Without the class, the position in the statement and what follows it, on one line. */
const readable = (message: string): string => {
  const plain = message.replace(CLASS, "").replace(/\n\s*\nLINE \d+:[^]*$/, "").replace(/\s*\n\s*/g, " ")
    .replace(/\s*See also https:\S+$/, "").replace(/\.$/, "").trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}...` : plain;
};

/** Reads what the client of DuckDB throws. */
export const fromThrown = (cause: unknown): DatabaseError => {
  if (cause instanceof DatabaseError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError({
    fault: faultOfText(message),
    message: readable(message),
    kind: kindOf(message),
  });
};

export const { during, pluginError } = errorsBy(PLUGIN);
