import { type Client, connect } from "./parts.ts";

/** A database of the harness, and its connection string for the runner. */
export interface Database {
  readonly url: string;
  readonly client: Client;
  /** Closes the connections of the harness. */
  readonly close: () => Promise<void>;
}

/** A server on which databases are made and dropped. */
export interface Server {
  /** Makes a database, a copy of another or empty. Nobody may be connected to the other. */
  readonly make: (name: string, copyOf?: string) => Promise<Database>;
  /** Drops a database, whoever is connected. */
  readonly drop: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const openDatabase = async (url: string): Promise<Database> => {
  const client = await connect(url);
  return { url, client, close: () => client.end({ timeout: 5 }) };
};

const databaseAt = (url: string, name: string): string => {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
};

/** The name of a round's database. */
export const nameOf = (seed: string): string => `round_${seed.toLowerCase().replaceAll(/\W+/g, "_")}`;

/** @param url connection string of a database on it, by a role that may create others */
export const openServer = async (url: string): Promise<Server> => {
  const { client, close } = await openDatabase(url);
  // Two copies of one template at a time refuse each other.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (statement: string) => turn = turn.then(() => client.unsafe(statement));
  return {
    make: async (name, copyOf = "template0") => {
      await inTurn(`create database ${name} template ${copyOf}`);
      return openDatabase(databaseAt(url, name));
    },
    drop: async (name) => void await client.unsafe(`drop database ${name} with (force)`),
    close,
  };
};

/** What a connection of the runner is about. */
export interface Backend {
  readonly state: string;
  /** Its present statement, or the last one when it has none. */
  readonly query: string;
  readonly inTransaction: boolean;
  /** For a lock that another has. */
  readonly isWaiting: boolean;
}

/** The time by the server's clock. */
export const timeOf = async ({ client }: Database): Promise<string> => {
  const [row] = await client.unsafe<{ readonly time: string }>("select clock_timestamp()::text as time");
  return row!.time;
};

/** The runner's connections to a database that were opened after a time: those of dead programs may linger. */
export const backends = ({ client }: Database, since: string): Promise<ReadonlyArray<Backend>> =>
  client.unsafe<Backend>(
    `select coalesce(state, '') as state, query, xact_start is not null as "inTransaction",
       exists (select from pg_locks where pg_locks.pid = backend.pid and not granted) as "isWaiting"
     from pg_stat_activity backend
     where datname = current_database() and application_name = 'candlewick'
       and backend_start > $1::text::timestamptz`,
    [since],
  );

/** Moves all that a database holds to a schema of its own, as if the database were new. */
export const setAside = ({ client }: Database, schema: string): Promise<unknown> =>
  client.unsafe(`alter schema public rename to ${schema}; create schema public`);

/** What the sink notes of each dataset it has ensured, with its table: no data of a run. */
const DEFINITIONS = "candlewick_datasets";

/** Names of the tables in a schema that hold data. */
export const tablesIn = async ({ client }: Database, schema: string): Promise<ReadonlySet<string>> => {
  const rows = await client.unsafe<{ readonly name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' and table_name <> $2 order by 1`,
    [schema, DEFINITIONS],
  );
  return new Set(rows.map(({ name }) => name));
};
