import type { PluginError, Sink } from "@candlewick/core";
import {
  type AnyRow,
  type Condition,
  identifier,
  identifiers,
  inSlice,
  type Job,
  repeatedRow,
} from "@candlewick/sql-store";
import { Effect } from "effect";
import { BinaryRows } from "../codec/BinaryRows.ts";
import { describeKey } from "../columns.ts";
import { type Answer, awaiting, type Connection } from "../connection/Connection.ts";
import type { CopyIn } from "../connection/copy.ts";
import type { Session } from "../connection/Session.ts";
import { type DatabaseError, fromThrown } from "../DatabaseError.ts";
import { KeyOrder } from "../keys.ts";
import { countSql, mergeSql, repeatedKeySql } from "../sql/merge.ts";
import { asLiteral, asParameters, spanOf } from "../sql/where.ts";
import { explain, refuseOutside, refuseRepeated, refuseRow } from "./job.ts";
import { type Lease, takeStage } from "./stages.ts";

/** Bytes sent at a time. */
const PIECE = 131_072;

/** What is known of the rows before the first is sent. */
interface Known {
  readonly count: number | undefined;
  /** Conditions that all their keys fulfil. */
  readonly span: ReadonlyArray<Condition>;
  /** Whether no key comes twice; undefined when that shows only as they go by. */
  readonly distinct: true | undefined;
}

/** Where rows go. */
interface Target {
  readonly copy: string;
  /** Undefined: straight into the table. */
  readonly stage: Lease | undefined;
  /** Stored rows within the span of the given ones, counted up to a limit. */
  readonly met: number;
}

/** A merge may read so many stored rows for each given one before it looks up each by its key instead. */
const READ_FOR_EACH = 4;
const READ_AT_LEAST = 1_000;

const readable = (count: number): number => count * READ_FOR_EACH + READ_AT_LEAST;

/** How the merge finds the stored rows: those of the span read and matched, or each looked up by its key. */
const planner = {
  match: ["enable_nestloop"],
  lookUp: ["enable_hashjoin", "enable_mergejoin"],
} as const;

const switchPlanner = (settings: ReadonlyArray<string>, value: "on" | "off"): string =>
  `select ${settings.map((setting) => `set_config('${setting}', '${value}', true)`).join(", ")}`;

/** Rows for the server, piece by piece: the next is encoded while the last is under way. */
const sendRows = async (
  copy: CopyIn,
  encoder: BinaryRows,
  rows: ReadonlyArray<AnyRow>,
  refusal: (row: AnyRow) => DatabaseError | undefined,
): Promise<void> => {
  let sending = Promise.resolve();
  const send = async () => {
    const piece = encoder.take();
    await sending;
    sending = copy.write(piece);
    sending.catch(() => undefined);
  };
  encoder.begin();
  for (const row of rows) {
    const refused = refusal(row);
    if (refused !== undefined) {
      encoder.take();
      await sending;
      await copy.abort();
      throw refused;
    }
    if (encoder.length >= PIECE) await send();
  }
  encoder.end();
  await send();
  await sending;
};

/**
 * Writes rows of any number. Where no stored row can meet them (the table, or the span of their keys, is empty)
 * they go by COPY straight into the table; otherwise by COPY into a temporary table, and one statement merges.
 */
export class BulkWrite {
  readonly #job: Job;
  readonly #session: Session;
  readonly #known: Known;
  readonly #encoder: BinaryRows;
  readonly #order: KeyOrder;
  readonly #isInside: (row: AnyRow) => boolean;
  /** Undefined until the first rows; then where they go. */
  #target: Target | undefined;
  /** The server still takes in the last batch. */
  #pending: { readonly done: Promise<void>; readonly rows: ReadonlyArray<AnyRow> } | undefined;
  #count = 0;

  private constructor(job: Job, session: Session, known: Known) {
    this.#job = job;
    this.#session = session;
    this.#known = known;
    this.#encoder = new BinaryRows(job.dataset.columns, PIECE);
    this.#order = new KeyOrder(job.dataset);
    this.#isInside = job.slice === undefined ? () => true : inSlice(job.dataset.columns, job.slice);
  }

  /** For rows that come in batches. */
  static readonly ofStream = (job: Job, session: Session): BulkWrite =>
    new BulkWrite(job, session, { count: undefined, span: [], distinct: undefined });

  /** For rows that are all there. */
  static readonly ofRows = (
    job: Job,
    session: Session,
    rows: ReadonlyArray<AnyRow>,
  ): Effect.Effect<BulkWrite, DatabaseError> => {
    const order = new KeyOrder(job.dataset);
    for (const row of rows) order.add(row);
    const repeated = order.rising ? undefined : repeatedRow(job.dataset, rows);
    if (repeated !== undefined) {
      return Effect.fail(refuseRepeated(job.dataset, describeKey(job.dataset, repeated)));
    }
    const span = (order.span && spanOf(job.dataset, order.span)) ?? [];
    return Effect.succeed(new BulkWrite(job, session, { count: rows.length, span, distinct: true }));
  };

  /** Sends rows; returns when they have left, perhaps before the server has taken them. */
  add(rows: ReadonlyArray<AnyRow>): Effect.Effect<void, PluginError.PluginError> {
    if (rows.length === 0) return Effect.void;
    return this.#session.use(this.#job.operation, (connection) =>
      Effect.gen({ self: this }, function* () {
        yield* this.#settle(connection);
        this.#target ??= yield* this.#open(connection);
        const copy = connection.copyIn(this.#target.copy);
        yield* awaiting(connection, () => sendRows(copy, this.#encoder, rows, (row) => this.#refusal(row)))
          .pipe(
            Effect.mapError((error) => this.#explain(error, rows)),
          );
        const done = copy.end();
        done.catch(() => undefined);
        this.#pending = { done, rows };
        this.#count += rows.length;
      }));
  }

  /** Merges what was sent. `rows` are those still in memory, to name one of them in an error. */
  finish(rows: ReadonlyArray<AnyRow>): Effect.Effect<Sink.WriteCounts, PluginError.PluginError> {
    return this.#session.use(this.#job.operation, (connection) =>
      Effect.gen({ self: this }, function* () {
        yield* this.#settle(connection);
        this.#target ??= yield* this.#open(connection);
        const { stage } = this.#target;
        if (stage === undefined) return { inserted: this.#count, updated: 0, unchanged: 0, deleted: 0 };
        if (!this.#distinct) yield* this.#refuseRepeated(connection, stage.table);
        const answer = yield* awaiting(connection, () => this.#merge(connection, stage.table)).pipe(
          Effect.mapError((error) => explain(this.#job, error, { rows, distinct: true })),
        );
        stage.release();
        const [deleted, updated, inserted] = answer.rows[0]!.map(Number) as [number, number, number];
        return { inserted, updated, unchanged: this.#count - inserted - updated, deleted };
      }));
  }

  get #distinct(): boolean {
    return this.#known.distinct ?? this.#order.rising;
  }

  #explain(error: DatabaseError, rows: ReadonlyArray<AnyRow>): DatabaseError {
    return explain(this.#job, error, { rows, distinct: this.#distinct });
  }

  /** Encodes the row, or says why it cannot be stored. */
  #refusal(row: AnyRow): DatabaseError | undefined {
    const { dataset } = this.#job;
    const fault = this.#encoder.add(row);
    if (fault !== undefined) return refuseRow(dataset, row, `column "${fault.column}" ${fault.message}`);
    if (this.#known.distinct === undefined) this.#order.add(row);
    return this.#isInside(row) ? undefined : refuseOutside(dataset, row);
  }

  #settle(connection: Connection): Effect.Effect<void, DatabaseError> {
    const pending = this.#pending;
    if (pending === undefined) return Effect.void;
    this.#pending = undefined;
    return Effect.mapError(
      awaiting(connection, () => pending.done),
      (error) => this.#explain(fromThrown(error), pending.rows),
    );
  }

  /**
   * What the planner believes of a table that grows by the minute may be an hour old: it must not choose between
   * reading a table of candles for a day's few rows, and comparing each of thousands with each.
   */
  async #merge(connection: Connection, source: string): Promise<Answer> {
    const { dataset, slice } = this.#job;
    const limit = readable(this.#count);
    const met = this.#known.count === undefined
      ? Number((await connection.query(countSql(dataset, [{ where: [], limit }], asLiteral))).rows[0]![0])
      : this.#target!.met;
    // The slice of a replace is read in any case.
    const isNear = met < limit || slice !== undefined;
    const { bind, values } = asParameters();
    const span = isNear ? this.#known.span : [];
    const statement = mergeSql({ dataset, source, isTable: true, span, slice }, bind);
    const settings = isNear ? planner.match : planner.lookUp;
    const [, answer] = await Promise.all([
      connection.query(switchPlanner(settings, "off")),
      connection.prepared(statement, values),
      connection.query(switchPlanner(settings, "on")),
    ]);
    return answer;
  }

  /** Looks whether stored rows can meet the given ones, and opens the way they go. */
  #open(connection: Connection): Effect.Effect<Target, DatabaseError> {
    const { dataset, slice } = this.#job;
    const { count, span } = this.#known;
    const { bind, values } = asParameters();
    const near = { where: span, limit: count === undefined ? 1 : readable(count) };
    const probe = countSql(dataset, slice === undefined ? [near] : [near, { where: slice, limit: 1 }], bind);
    return Effect.gen({ self: this }, function* () {
      const { rows } = yield* awaiting(connection, () => connection.prepared(probe, values));
      const [met, inSlice = 0] = rows[0]!.map(Number) as [number, number?];
      const stage = met + inSlice > 0 ? takeStage(connection, this.#session, dataset) : undefined;
      if (stage?.setup !== undefined) yield* awaiting(connection, () => connection.query(stage.setup!));
      const table = stage?.table ?? identifier(dataset.name);
      const columns = identifiers(Object.keys(dataset.columns));
      return { copy: `copy ${table} (${columns}) from stdin (format binary)`, stage, met };
    });
  }

  #refuseRepeated(connection: Connection, table: string): Effect.Effect<void, DatabaseError> {
    const { dataset } = this.#job;
    return Effect.flatMap(
      awaiting(connection, () => connection.query(repeatedKeySql(dataset, table))),
      ({ rows: [key] }) =>
        key === undefined ? Effect.void : Effect.fail(
          refuseRepeated(dataset, dataset.key.map((name, i) => `${name}=${key[i]}`).join(", ")),
        ),
    );
  }
}
