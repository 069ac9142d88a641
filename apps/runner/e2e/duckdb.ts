import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "./workspace.ts";

/** What these tests use of DuckDB's client, which only the sink's package has. */
interface Client {
  readonly DuckDBInstance: {
    readonly create: (path: string) => Promise<{
      readonly connect: () => Promise<{
        readonly runAndReadAll: (sql: string) => Promise<{
          readonly getRowObjectsJson: () => ReadonlyArray<Readonly<Record<string, unknown>>>;
        }>;
        readonly closeSync: () => void;
      }>;
      readonly closeSync: () => void;
    }>;
  };
}

/** The rows that some statements answer last; whole numbers of 64 bits come as text. No program may have the files open. */
export const query = async (
  ...statements: ReadonlyArray<string>
): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> => {
  const entry = createRequire(join(folderOf("sink", "duckdb"), "package.json")).resolve("@duckdb/node-api");
  const { DuckDBInstance }: Client = (await import(pathToFileURL(entry).href)).default;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    let rows: ReadonlyArray<Readonly<Record<string, unknown>>> = [];
    for (const sql of ["set TimeZone = 'UTC'", ...statements]) {
      rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
