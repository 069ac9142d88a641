import type { Decimal } from "./Decimal.ts";
import type { Day } from "./MarketTime.ts";

/** What a column holds, and what a row has for it in TypeScript. */
export interface ColumnValues {
  readonly int32: number;
  /** Whole numbers up to 2^53 - 1. */
  readonly int64: number;
  /** Exact, of any scale: digits come out as they went in. */
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

/** Declares a dataset; throws when the description contradicts itself, which is a bug of its plugin. */
export const make = <const C extends Columns>(options: {
  readonly name: string;
  readonly description?: string;
  readonly columns: C;
  readonly key: ReadonlyArray<keyof C & string>;
  readonly indexes?: ReadonlyArray<Index<keyof C & string>>;
  readonly timeSeries?: TimeSeries<keyof C & string>;
}): Dataset<C> => {
  const names = Object.keys(options.columns);
  for (const name of [options.name, ...names]) {
    if (!PLAIN_NAME.test(name)) {
      throw new TypeError(`dataset ${options.name}: "${name}" is not a plain lower-case name`);
    }
  }
  const known = (column: string, where: string) => {
    if (!Object.hasOwn(options.columns, column)) {
      throw new TypeError(`dataset ${options.name}: ${where} names "${column}", which is no column`);
    }
  };
  if (options.key.length === 0) throw new TypeError(`dataset ${options.name}: the key is empty`);
  for (const column of options.key) {
    known(column, "the key");
    if (options.columns[column]!.nullable || options.columns[column]!.bookkeeping) {
      throw new TypeError(`dataset ${options.name}: key column "${column}" is nullable or bookkeeping`);
    }
  }
  for (const index of options.indexes ?? []) index.columns.forEach((column) => known(column, "an index"));
  if (options.timeSeries !== undefined) {
    known(options.timeSeries.time, "timeSeries");
    options.timeSeries.segmentBy.forEach((column) => known(column, "timeSeries"));
    if (!options.key.includes(options.timeSeries.time)) {
      throw new TypeError(
        `dataset ${options.name}: the time column "${options.timeSeries.time}" is not in the key`,
      );
    }
  }
  return {
    name: options.name,
    description: options.description ?? "",
    columns: options.columns,
    key: options.key,
    indexes: options.indexes ?? [],
    ...(options.timeSeries === undefined ? {} : { timeSeries: options.timeSeries }),
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

export const view = <B extends Dataset, J extends Dataset>(options: {
  readonly name: string;
  readonly description?: string;
  readonly base: B;
  readonly joined: J;
  readonly on: ReadonlyArray<readonly [ColumnName<B>, ColumnName<J>]>;
  readonly adds: ReadonlyArray<ColumnName<J>>;
}): View => {
  if (!PLAIN_NAME.test(options.name)) {
    throw new TypeError(`view "${options.name}" is not a plain lower-case name`);
  }
  return { ...options, description: options.description ?? "" };
};
