import { DuckDBInstance } from "@duckdb/node-api";

/** A program of its own that writes into a database file until it is killed, a transaction after the other. */
const instance = await DuckDBInstance.create(Deno.args[0]!);
const connection = await instance.connect();
await connection.run(
  "create table if not exists series (n bigint primary key, batch bigint not null, value varchar);" +
    "create table if not exists batches (batch bigint primary key, rows bigint not null)",
);
const reader = await connection.runAndReadAll("select coalesce(max(batch), 0)::integer from batches");
let batch = Number(reader.getRows()[0]![0]);
console.log("open");
for (;;) {
  batch++;
  await connection.run(
    `begin; insert into series select ${batch} * 1000 + i, ${batch}, repeat('x', 50) || i from range(997) r(i);` +
      `insert into batches values (${batch}, 997); commit`,
  );
  if (batch % 5 === 0) await connection.run("checkpoint");
}
