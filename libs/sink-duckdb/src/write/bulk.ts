import type { PluginError, Sink } from "@candlewick/core";
import { type AnyRow, type Job, repeatedRow } from "@candlewick/sql-store";
import { Effect } from "effect";
import { describeKey } from "../columns.ts";
import type { Connection } from "../database/Connection.ts";
import type { Session } from "../database/Session.ts";
import type { DatabaseError } from "../DatabaseError.ts";
import { KeySpan } from "../keys.ts";
import {
  countNew,
  countOf,
  createDiffering,
  createStage,
  deleteMissing,
  existsSql,
  insertDiffering,
  insertFrom,
  repeatedKeySql,
  updateDiffering,
} from "../sql/merge.ts";
import { stored } from "../sql/quote.ts";
import { Appending } from "./append.ts";
import { explain, refuseRepeated, refusing } from "./job.ts";
import type { Shapes } from "./shapes.ts";
import { SMALL, writeSmall } from "./small.ts";

/** Where rows go. */
interface Target {
  readonly appending: Appending;
  /** Undefined: straight into the table. */
  readonly stage: string | undefined;
}

/**
 * Writes rows of any number. Where no stored row can meet them (the table, or the span of their keys, is empty) they
 * are put at the end of the table; otherwise into a temporary table, from which what differs is merged.
 */
export class BulkWrite {
  readonly #job: Job;
  readonly #session: Session;
  readonly #shapes: Shapes;
  readonly #refusal: (row: AnyRow) => DatabaseError | undefined;
  readonly #span: KeySpan;
  /** Undefined until the first rows. */
  #target: Target | undefined;
  #count = 0;
  /** All rows are in memory, and their keys were compared. */
  #isWhole = false;

  constructor(job: Job, session: Session, shapes: Shapes) {
    this.#job = job;
    this.#session = session;
    this.#shapes = shapes;
    this.#refusal = refusing(job);
    this.#span = new KeySpan(job.dataset);
  }

  /** Writes rows that are all there. */
  whole(rows: ReadonlyArray<AnyRow>): Effect.Effect<Sink.WriteCounts, PluginError.PluginError> {
    const { dataset } = this.#job;
    return this.#using(rows, (connection) =>
      Effect.gen({ self: this }, function* () {
        yield* this.#check(rows);
        const repeated = this.#span.rising ? undefined : repeatedRow(dataset, rows);
        if (repeated !== undefined) return yield* refuseRepeated(dataset, describeKey(dataset, repeated));
        this.#isWhole = true;
        if (rows.length <= SMALL) {
          yield* this.#shapes.of(connection, dataset);
          return yield* writeSmall(connection, this.#job, rows, this.#span.extents);
        }
        this.#target = yield* this.#open(connection);
        yield* this.#append(rows);
        return yield* this.#finish(connection);
      }));
  }

  /** Takes in some of the rows of a stream. */
  add(rows: ReadonlyArray<AnyRow>): Effect.Effect<void, PluginError.PluginError> {
    return this.#using(rows, (connection) =>
      Effect.gen({ self: this }, function* () {
        yield* this.#check(rows);
        this.#target ??= yield* this.#open(connection);
        yield* this.#append(rows);
      }));
  }

  /** Merges what was added. */
  readonly finish: Effect.Effect<Sink.WriteCounts, PluginError.PluginError> = Effect.suspend(() =>
    this.#using([], (connection) => this.#finish(connection))
  );

  #using<A>(
    rows: ReadonlyArray<AnyRow>,
    body: (connection: Connection) => Effect.Effect<A, DatabaseError>,
  ): Effect.Effect<A, PluginError.PluginError> {
    return this.#session.use(this.#job.operation, (connection) =>
      body(connection).pipe(
        Effect.mapError((error) => explain(this.#job, error, rows)),
        Effect.onError(() => this.giveUp),
      ));
  }

  /** Nothing of the rows added reaches the table. */
  readonly giveUp: Effect.Effect<void> = Effect.suspend(() => this.#target?.appending.giveUp ?? Effect.void);

  #check(rows: ReadonlyArray<AnyRow>): Effect.Effect<void, DatabaseError> {
    for (const row of rows) {
      const refused = this.#refusal(row);
      if (refused !== undefined) return Effect.fail(refused);
      this.#span.add(row);
    }
    this.#count += rows.length;
    return Effect.void;
  }

  #append(rows: ReadonlyArray<AnyRow>): Effect.Effect<void, DatabaseError> {
    return this.#target!.appending.add(rows);
  }

  /** Whether a stored row lies in the span of the given keys. */
  #meets(connection: Connection): Effect.Effect<boolean, DatabaseError> {
    return Effect.map(
      connection.query(existsSql(this.#job.dataset, this.#span.extents, undefined)),
      ([met]) => met?.["near"] === true,
    );
  }

  /** Looks whether stored rows can meet the given ones, of which all are known or only the first. */
  #open(connection: Connection): Effect.Effect<Target, DatabaseError> {
    const { dataset, slice } = this.#job;
    return Effect.gen({ self: this }, function* () {
      const { isExact } = yield* this.#shapes.of(connection, dataset);
      const [met] = yield* connection.query(
        existsSql(dataset, this.#isWhole ? this.#span.extents : [], slice),
      );
      if (isExact && met?.["near"] === false && met["inside"] === false) {
        const table = { name: dataset.name, isTemporary: false };
        return { appending: yield* Appending.to(connection, dataset.columns, table), stage: undefined };
      }
      const stage = this.#session.temporary("stage");
      yield* connection.run(`${this.#session.takeDiscarded()} ${createStage(dataset, stage)}`);
      const table = { name: stage, isTemporary: true };
      return { appending: yield* Appending.to(connection, dataset.columns, table), stage };
    });
  }

  #finish(connection: Connection): Effect.Effect<Sink.WriteCounts, DatabaseError> {
    return Effect.gen({ self: this }, function* () {
      const { appending, stage } = this.#target!;
      yield* appending.finish;
      this.#target = undefined;
      const source = stage === undefined ? stored(this.#job.dataset.name) : `temp.${stage}`;
      if (!this.#isWhole && !this.#span.rising) yield* this.#refuseRepeated(connection, source);
      if (stage === undefined) return { inserted: this.#count, updated: 0, unchanged: 0, deleted: 0 };
      const counts = yield* this.#merge(connection, stage);
      this.#session.discard(stage);
      return counts;
    });
  }

  #merge(connection: Connection, stage: string): Effect.Effect<Sink.WriteCounts, DatabaseError> {
    const { dataset, slice } = this.#job;
    const { extents } = this.#span;
    return Effect.gen({ self: this }, function* () {
      const deleted = slice === undefined
        ? 0
        : countOf(yield* connection.query(deleteMissing(dataset, slice, `temp.${stage}`)));
      if (!this.#isWhole && !(yield* this.#meets(connection))) {
        yield* connection.run(insertFrom(dataset, `temp.${stage}`));
        return { inserted: this.#count, updated: 0, unchanged: 0, deleted };
      }
      const table = this.#session.temporary("given");
      const differing = countOf(yield* connection.query(createDiffering(dataset, table, stage, extents)));
      this.#session.discard(table);
      if (differing === 0) return { inserted: 0, updated: 0, unchanged: this.#count, deleted };
      const [counts] = yield* connection.query(countNew(table));
      const inserted = Number(counts?.["inserted"] ?? 0);
      const updated = differing - inserted;
      if (updated > 0) yield* connection.run(updateDiffering(dataset, table, extents));
      if (inserted > 0) yield* connection.run(insertDiffering(dataset, table));
      return { inserted, updated, unchanged: this.#count - differing, deleted };
    });
  }

  #refuseRepeated(connection: Connection, source: string): Effect.Effect<void, DatabaseError> {
    const { dataset } = this.#job;
    return Effect.flatMap(
      connection.query(repeatedKeySql(dataset, source, this.#span.extents)),
      ([key]) =>
        key === undefined ? Effect.void : Effect.fail(
          refuseRepeated(dataset, dataset.key.map((name, i) => `${name}=${key[`c${i}`]}`).join(", ")),
        ),
    );
  }
}
