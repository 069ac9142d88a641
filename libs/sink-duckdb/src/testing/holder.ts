import { DuckDBInstance } from "@duckdb/node-api";

/** A program of its own that has a database file open until its input ends. */
const instance = await DuckDBInstance.create(Deno.args[0]!);
console.log("open");
await Array.fromAsync(Deno.stdin.readable);
instance.closeSync();
