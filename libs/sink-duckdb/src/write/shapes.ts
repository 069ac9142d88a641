import type { Dataset } from "@candlewick/core";
import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { definitionSql, readRelation, type Relation, relationSql } from "../sql/table.ts";

/** What is known of a dataset's table. */
export interface Shape {
  /** Whether its columns are those of the dataset, in their order, so that rows can be put at its end as they are. */
  readonly isExact: boolean;
}

/**
 * The tables that writes have met. Nobody else changes a definition while this process has the file, and this sink
 * says so when it does.
 */
export class Shapes {
  readonly #known = new Map<string, Relation>();

  /** The table of this name was defined anew. */
  forget(table: string): void {
    this.#known.delete(table);
  }

  /** Refuses a dataset that the file does not hold as it is described. */
  of(connection: Connection, dataset: Dataset.Dataset): Effect.Effect<Shape, DatabaseError> {
    return Effect.gen({ self: this }, function* () {
      const known = this.#known.get(dataset.name) ?? (yield* this.#look(connection, dataset.name));
      if (known === undefined || known.isView || known.definition === undefined) {
        return yield* failure("schema", `dataset ${dataset.name} was never ensured`);
      }
      const present = known.columns.map((column) => column.name);
      const names = Object.keys(dataset.columns);
      const missing = names.find((name) => !present.includes(name));
      if (missing !== undefined) {
        return yield* failure("schema", `column "${missing}" of dataset ${dataset.name} was never ensured`);
      }
      if ([...known.definition.key].sort().join() !== [...dataset.key].sort().join()) {
        return yield* failure(
          "schema",
          `dataset ${dataset.name} was ensured with the key (${known.definition.key.join(", ")})`,
        );
      }
      return { isExact: present.join() === names.join() };
    });
  }

  #look(connection: Connection, name: string): Effect.Effect<Relation | undefined, DatabaseError> {
    return Effect.gen({ self: this }, function* () {
      const [row] = yield* connection.query(relationSql(name));
      if (row === undefined) return undefined;
      const [known] = yield* Effect.catch(connection.query(definitionSql(name)), () => Effect.succeed([]));
      const relation = yield* readRelation(name, row, known?.["definition"]);
      this.#known.set(name, relation);
      return relation;
    });
  }
}
