import { Redacted, Result } from "effect";

/** Where a database is and how to reach it. */
export interface Address {
  /** Host name or IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Undefined: the operating system's user. */
  readonly user: string | undefined;
  readonly password: Redacted.Redacted<string> | undefined;
  /** As libpq names them; `require` encrypts without asking who answers. */
  readonly ssl: "disable" | "prefer" | "require" | "verify-full";
  /** Settings of the session from the query part, such as `search_path`. */
  readonly session: Readonly<Record<string, string>>;
}

const EXAMPLE = "postgres://user:password@host:5432/database";

const sslModes: Readonly<Record<string, Address["ssl"]>> = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  "verify-ca": "verify-full",
  "verify-full": "verify-full",
};

/** Parameters of libpq that mean nothing here, or that the reader below takes. */
const ownParameters = new Set([
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "ssl",
  "channel_binding",
  "gssencmode",
  "connect_timeout",
  "application_name",
  "target_session_attrs",
  "passfile",
]);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Reads a connection string; what is wrong is said without quoting it, for it may hold a password. */
export const parse = (url: string): Result.Result<Address, string> => {
  if (!/^postgres(ql)?:\/\//.test(url)) return Result.fail(`it does not begin like ${EXAMPLE}`);
  // The parser of addresses wants a host; PostgreSQL does not (Unix sockets).
  const hosted = url.replace(/^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)(?=[/?#]|$)/, "$1localhost");
  if (!URL.canParse(hosted)) return Result.fail(`it is not of the form ${EXAMPLE}`);
  const parsed = new URL(hosted);
  const query = parsed.searchParams;
  const given = (name: string, part: string): string => query.get(name) ?? decoded(part);
  const mode = query.get("sslmode") ?? (query.get("ssl") === "true" ? "require" : "prefer");
  const ssl = sslModes[mode];
  if (ssl === undefined) {
    return Result.fail(`its sslmode is none of ${Object.keys(sslModes).join(", ")}`);
  }
  if (query.has("sslrootcert") || query.has("sslcert")) {
    return Result.fail("certificates in files (sslrootcert, sslcert) are not supported");
  }
  const user = given("user", parsed.username);
  const password = given("password", parsed.password);
  const database = given("dbname", parsed.pathname.slice(1)) || user;
  if (database === "") return Result.fail(`it names no database; it should look like ${EXAMPLE}`);
  const port = Number(given("port", parsed.port) || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return Result.fail("its port is no port number");
  return Result.succeed({
    host: given("host", parsed.hostname).replace(/^\[(.*)\]$/, "$1"),
    port,
    database,
    user: user || undefined,
    password: password === "" ? undefined : Redacted.make(password),
    ssl,
    session: Object.fromEntries(Array.from(query).filter(([name]) => !ownParameters.has(name))),
  });
};

/** For people: `candlewick on db.example.com:5432`. */
export const display = ({ database, host, port }: Address): string =>
  `${database} on ${host.includes("/") ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`}`;

export const withDatabase = (address: Address, database: string): Address => ({ ...address, database });

/** Longest name that PostgreSQL keeps whole, bytes. */
const LONGEST_NAME = 63;

/** The database beside this one that holds invented data. */
export const sandboxOf = (database: string): string => {
  const suffix = "_sandbox";
  if (database.endsWith(suffix)) return database;
  return `${database.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
};
