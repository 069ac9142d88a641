import type { Decimal } from "./Decimal.ts";
import type { Day } from "./MarketTime.ts";

/** What a column holds, and what a row has for it in TypeScript. */
export interface ColumnValues {
  readonly int32: number;
  /** Whole numbers up to 2^53 - 1. */
  readonly int64: number;
  /** Exact by value; a store may drop needless zeros, and refuses what it cannot hold exactly. */
  readonly decimal: Decimal;
  readonly text: string;
  readonly boolean: boolean;
  readonly date: Day;
  /** Epoch milliseconds; stored with time zone. */
  readonly timestamp: number;
  readonly json: unknown;
}

export type ColumnType = keyof ColumnValues;

export interface Column<T extends ColumnType = ColumnType, N extends boolean = boolean> {
  readonly type: T;
  readonly nullable: N;
  /** Written with the row but never compared: a row that differs in these alone is unchanged. */
  readonly bookkeeping: boolean;
  readonly description: string;
}

const column = <T extends ColumnType>(type: T) => (description = ""): Column<T, false> => ({
  type,
  nullable: false,
  bookkeeping: false,
  description,
});

export const int32 = column("int32");
export const int64 = column("int64");
export const decimal = column("decimal");
export const text = column("text");
export const boolean = column("boolean");
export const date = column("date");
export const timestamp = column("timestamp");
export const json = column("json");

export const nullable = <T extends ColumnType>(self: Column<T, boolean>): Column<T, true> => ({
  ...self,
  nullable: true,
});

export const bookkeeping = <T extends ColumnType, N extends boolean>(self: Column<T, N>): Column<T, N> => ({
  ...self,
  bookkeeping: true,
});

export type Columns = Readonly<Record<string, Column>>;

type ValueOf<C> = C extends Column<infer T, infer N>
  ? N extends true ? ColumnValues[T] | null : ColumnValues[T]
  : never;

export type RowOf<C extends Columns> = { readonly [K in keyof C]: ValueOf<C[K]> };

export interface Index<out K extends string = string> {
  readonly columns: ReadonlyArray<K>;
  readonly unique?: boolean;
}

/** `time` is in the key; rows of one `segmentBy` value are read together. */
export interface TimeSeries<out K extends string = string> {
  readonly time: K;
  readonly segmentBy: ReadonlyArray<K>;
}

/**
 * A table described once, for any store: columns, the key that identifies a row, indexes, and for time series
 * the time column and how rows cluster. Sinks create, evolve and fill it; no DAG writes SQL.
 */
export interface Dataset<out C extends Columns = Columns> {
  readonly name: string;
  readonly description: string;
  readonly columns: C;
  readonly key: ReadonlyArray<string>;
  readonly indexes: ReadonlyArray<Index>;
  readonly timeSeries?: TimeSeries;
}

export type Row<D> = D extends Dataset<infer C> ? RowOf<C> : never;
export type ColumnName<D> = D extends Dataset<infer C> ? keyof C & string : never;

/** Names that are plain in every store: lower case, digits and underscores, at most 63 bytes. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * The name of a plugin's own dataset: `ohlcv` of the source `my-broker` is `my_broker_ohlcv`. Ids may have hyphens, names
 * of tables may not.
 */
export const nameOf = (id: string, what: string): string => `${id.replaceAll("-", "_")}_${what}`;

/** Declares a dataset; throws when the description contradicts itself, which is a bug of its plugin. */
export const make = <const C extends Columns>(options: {
  readonly name: string;
  readonly description?: string;
  readonly columns: C;
  readonly key: ReadonlyArray<keyof C & string>;
  readonly indexes?: ReadonlyArray<Index<keyof C & string>>;
  readonly timeSeries?: TimeSeries<keyof C & string>;
}): Dataset<C> => {
  const { columns, indexes = [], key, name, timeSeries } = options;
  const wrong = (message: string) => new TypeError(`dataset ${name}: ${message}`);
  const column = (column: string, where: string): Column => {
    if (!Object.hasOwn(columns, column)) throw wrong(`${where} names "${column}", which is no column`);
    return columns[column]!;
  };
  for (const plain of [name, ...Object.keys(columns)]) {
    if (!PLAIN_NAME.test(plain)) throw wrong(`"${plain}" is not a plain lower-case name`);
  }
  if (key.length === 0) throw wrong("the key is empty");
  for (const [at, part] of key.entries()) {
    const { bookkeeping, nullable, type } = column(part, "the key");
    if (nullable || bookkeeping) throw wrong(`key column "${part}" is nullable or bookkeeping`);
    if (type === "json") throw wrong(`key column "${part}" is json`);
    if (key.indexOf(part) !== at) throw wrong(`the key names "${part}" twice`);
  }
  for (const index of indexes) {
    if (index.columns.length === 0) throw wrong("an index has no columns");
    for (const part of index.columns) column(part, "an index");
  }
  if (timeSeries !== undefined) {
    const { segmentBy, time } = timeSeries;
    if (column(time, "timeSeries").type !== "timestamp") {
      throw wrong(`the time column "${time}" is no timestamp`);
    }
    if (!key.includes(time)) throw wrong(`the time column "${time}" is not in the key`);
    for (const part of segmentBy) column(part, "timeSeries");
  }
  return {
    name,
    description: options.description ?? "",
    columns,
    key,
    indexes,
    ...(timeSeries === undefined ? {} : { timeSeries }),
  };
};

export const columnNames = <D extends Dataset>(dataset: D): ReadonlyArray<ColumnName<D>> =>
  Object.keys(dataset.columns) as Array<ColumnName<D>>;

/** One dataset seen with columns of another that it refers to; read-only. */
export interface View {
  readonly name: string;
  readonly description: string;
  readonly base: Dataset;
  readonly joined: Dataset;
  /** Pairs `[column of base, column of joined]` that are equal. Rows of base without a partner are kept. */
  readonly on: ReadonlyArray<readonly [string, string]>;
  /** Columns of `joined` that the view adds to all of `base`'s. */
  readonly adds: ReadonlyArray<string>;
}

/** Declares a view; throws when the description contradicts itself, which is a bug of its plugin. */
export const view = <B extends Dataset, J extends Dataset>(options: {
  readonly name: string;
  readonly description?: string;
  readonly base: B;
  readonly joined: J;
  readonly on: ReadonlyArray<readonly [ColumnName<B>, ColumnName<J>]>;
  readonly adds: ReadonlyArray<ColumnName<J>>;
}): View => {
  const { adds, base, joined, name, on } = options;
  const wrong = (message: string) => new TypeError(`view ${name}: ${message}`);
  const column = (dataset: Dataset, column: string): Column => {
    if (!Object.hasOwn(dataset.columns, column)) throw wrong(`${dataset.name} has no column "${column}"`);
    return dataset.columns[column]!;
  };
  if (!PLAIN_NAME.test(name)) throw wrong(`"${name}" is not a plain lower-case name`);
  if (on.length === 0) throw wrong("there is no column to join on");
  for (const [left, right] of on) {
    if (column(base, left).type !== column(joined, right).type) {
      throw wrong(`"${left}" and "${right}" are of different types`);
    }
  }
  for (const added of adds) {
    column(joined, added);
    if (Object.hasOwn(base.columns, added)) throw wrong(`${base.name} has a column "${added}" already`);
  }
  return { ...options, description: options.description ?? "" };
};
