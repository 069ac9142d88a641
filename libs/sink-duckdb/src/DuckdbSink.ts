import type { Dataset, Sink } from "@candlewick/core";
import type { Database } from "./database/Database.ts";
import * as Transactions from "./database/transactions.ts";
import { PLUGIN } from "./DatabaseError.ts";
import { makeEnsure } from "./ensure.ts";
import { makeTryLock } from "./locks.ts";
import { makeReader } from "./read.ts";
import { Shapes } from "./write/shapes.ts";
import { makeWriter } from "./write/write.ts";

/** A sink over a database that is open. */
export const make = (database: Database): Sink.Sink["Service"] => {
  const transactions = Transactions.make(database);
  const shapes = new Shapes();
  const write = makeWriter(transactions, shapes);
  const select = makeReader(transactions);
  return {
    id: PLUGIN,
    location: `DuckDB, ${database.path}`,
    ...makeEnsure(transactions, (table) => shapes.forget(table)),
    upsert: (dataset, rows) => write("upsert", dataset, undefined, rows),
    replace: (dataset, slice, rows) => write("replace", dataset, slice, rows),
    // The columns asked for are the columns that come: what `Selection` says in types.
    select:
      ((dataset: Dataset.Dataset, selection) => select(dataset, selection)) as Sink.Sink["Service"]["select"],
    transaction: transactions.transaction,
    tryLock: makeTryLock(database),
  };
};
