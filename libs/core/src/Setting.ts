import { Redacted, Result, Schema, SchemaTransformation } from "effect";
import { SymbolText } from "./Instrument.ts";
import { isDay } from "./MarketTime.ts";

/**
 * One setting of a source or sink, or one parameter of a DAG: its schema, its documentation and its default in
 * one place. A value comes as JSON (configuration files) or as text (flags, environment); both decode to the
 * same type.
 */
export interface Setting<T> {
  readonly description: string;
  readonly schema: Schema.Codec<T, unknown>;
  /** What a good value is, for errors and help: `a whole number of at least 1`. */
  readonly expected: string;
  /** How a user writes a value: `NSE:INFY,NSE:TCS`. */
  readonly placeholder: string;
  /** The value taken when none is given; absent for a required setting. */
  readonly fallback?: T;
  /** Environment variable, when it is not `<PLUGIN>_<KEY>`. */
  readonly env?: string;
  /** Never shown, and `Redacted` once decoded. */
  readonly secret: boolean;
  /** Given by its bare flag: `--confirm-shrunk`. */
  readonly isFlag: boolean;
  /** A value as a user would write it, where that is not the value as text. */
  show?(value: T): string;
}

// deno-lint-ignore no-explicit-any -- each setting of a record has a value type of its own
export type Settings = Readonly<Record<string, Setting<any>>>;

export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export interface Options<T> {
  readonly description: string;
  readonly default?: T;
  readonly env?: string;
  readonly placeholder?: string;
}

const define = <T>(
  kind:
    & Pick<Setting<T>, "schema" | "expected" | "placeholder">
    & Partial<Pick<Setting<T>, "secret" | "isFlag" | "show">>,
  options: Options<T>,
): Setting<T> => ({
  description: options.description,
  schema: kind.schema,
  expected: kind.expected,
  placeholder: options.placeholder ?? kind.placeholder,
  ...("default" in options ? { fallback: options.default as T } : {}),
  ...(options.env === undefined ? {} : { env: options.env }),
  secret: kind.secret ?? false,
  isFlag: kind.isFlag ?? false,
  ...(kind.show === undefined ? {} : { show: kind.show }),
});

/** The value itself, or text that spells it. */
const orText = <T>(
  type: Schema.Codec<T, T>,
  pattern: RegExp,
  read: (text: string) => T,
): Schema.Codec<T, unknown> =>
  Schema.Union([
    type,
    Schema.String.check(Schema.isPattern(pattern)).pipe(
      Schema.decodeTo(
        type,
        SchemaTransformation.transform({ decode: read, encode: (value: T) => String(value) }),
      ),
    ),
  ]) as Schema.Codec<T, unknown>;

export const text = (options: Options<string>): Setting<string> =>
  define({ schema: Schema.NonEmptyString, expected: "some text", placeholder: "TEXT" }, options);

/** Text that may be absent. */
export const optionalText = (options: Options<string | undefined>): Setting<string | undefined> =>
  define(
    { schema: Schema.UndefinedOr(Schema.NonEmptyString), expected: "some text", placeholder: "TEXT" },
    { default: undefined, ...options },
  );

/** Secret text, absent or `Redacted` from the moment it is decoded. */
export const secret = (options: Options<Redacted.Redacted<string> | undefined>): Setting<
  Redacted.Redacted<string> | undefined
> =>
  define(
    {
      schema: Schema.UndefinedOr(
        Schema.NonEmptyString.pipe(
          Schema.decodeTo(
            Schema.Redacted(Schema.String),
            SchemaTransformation.transform({
              decode: (value: string) => Redacted.make(value),
              encode: (value: Redacted.Redacted<string>) => Redacted.value(value),
            }),
          ),
        ),
      ) as Schema.Codec<Redacted.Redacted<string> | undefined, unknown>,
      expected: "some text",
      placeholder: "SECRET",
      secret: true,
    },
    { default: undefined, ...options },
  );

export const int = (
  options: Options<number> & { readonly min?: number; readonly max?: number },
): Setting<number> => {
  const min = options.min ?? Number.MIN_SAFE_INTEGER;
  const max = options.max ?? Number.MAX_SAFE_INTEGER;
  const bounds = options.min === undefined
    ? (options.max === undefined ? "" : ` of at most ${max}`)
    : options.max === undefined
    ? ` of at least ${min}`
    : ` from ${min} to ${max}`;
  const type = Schema.Int.check(Schema.isBetween({ minimum: min, maximum: max }));
  return define(
    { schema: orText(type, /^-?\d{1,16}$/, Number), expected: `a whole number${bounds}`, placeholder: "N" },
    options,
  );
};

/** Yes or no; as a flag it needs no value. */
export const flag = (options: Options<boolean>): Setting<boolean> =>
  define(
    {
      schema: orText(Schema.Boolean, /^(true|false)$/, (value) => value === "true"),
      expected: "true or false",
      placeholder: "true|false",
      isFlag: true,
    },
    { default: false, ...options },
  );

/** One of a closed set of words. */
export const literal = <const L extends ReadonlyArray<string>>(
  values: L,
  options: Options<L[number]>,
): Setting<L[number]> =>
  define(
    {
      schema: Schema.Literals(values) as Schema.Codec<L[number], unknown>,
      expected: `one of ${values.join(", ")}`,
      placeholder: values.join("|"),
    },
    options,
  );

const splitList = (value: string): ReadonlyArray<string> =>
  value.split(",").map((item) => item.trim()).filter((item) => item !== "");

const listOf = (
  item: Schema.Codec<string, string>,
  kind: { readonly expected: string; readonly placeholder: string },
  options: Options<ReadonlyArray<string>>,
): Setting<ReadonlyArray<string>> => {
  const type = Schema.Array(item);
  return define(
    { schema: orText<ReadonlyArray<string>>(type, /[\s\S]*/, splitList), ...kind },
    { default: [], ...options },
  );
};

/** A list of words: a JSON array, or text separated by commas. */
export const list = (options: Options<ReadonlyArray<string>>): Setting<ReadonlyArray<string>> =>
  listOf(Schema.NonEmptyString, { expected: "words separated by commas", placeholder: "A,B" }, options);

/** A list of `EXCHANGE:SYMBOL`. */
export const symbols = (options: Options<ReadonlyArray<string>>): Setting<ReadonlyArray<string>> =>
  listOf(
    SymbolText,
    {
      expected: "EXCHANGE:SYMBOL separated by commas, such as NSE:INFY,NSE:TCS",
      placeholder: "NSE:INFY,NSE:TCS",
    },
    options,
  );

const Day = Schema.String.check(Schema.makeFilter((value) => isDay(value)));

/** A calendar day in the market's zone. */
export const day = (options: Options<string>): Setting<string> =>
  define({ schema: Day, expected: "a day that exists, YYYY-MM-DD", placeholder: "YYYY-MM-DD" }, options);

export const optionalDay = (options: Options<string | undefined>): Setting<string | undefined> =>
  define(
    { schema: Schema.UndefinedOr(Day), expected: "a day that exists, YYYY-MM-DD", placeholder: "YYYY-MM-DD" },
    { default: undefined, ...options },
  );

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const readDuration = (value: string): number => {
  const [, count = "", unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  return Number(count) * UNITS[unit]!;
};

/** `7200000` as `2h`: the largest unit that takes it whole. */
const showDuration = (millis: number): string => {
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => millis > 0 && millis % size === 0) ??
    ["ms", 1];
  return `${millis / size}${unit}`;
};

/** A length of time in milliseconds, written `250ms`, `30s`, `5m`, `1h` or as a number of milliseconds. */
export const duration = (options: Options<number>): Setting<number> =>
  define(
    {
      schema: orText(
        Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
        /^\d+(\.\d+)?(ms|s|m|h)?$/,
        readDuration,
      ),
      expected: "a length of time such as 250ms, 30s, 5m or 1h",
      placeholder: "30s",
      show: showDuration,
    },
    options,
  );

/** An http or https address without query or fragment; a trailing slash is dropped. */
export const url = (options: Options<string>): Setting<string> =>
  define(
    {
      schema: Schema.String.check(
        Schema.makeFilter((value) => URL.canParse(value) && /^https?:\/\/[^?#\s]+$/.test(value)),
      ).pipe(
        Schema.decodeTo(
          Schema.String,
          SchemaTransformation.transform({
            decode: (value: string) => value.replace(/\/+$/, ""),
            encode: (value: string) => value,
          }),
        ),
      ) as Schema.Codec<string, unknown>,
      expected: "an http or https address",
      placeholder: "URL",
    },
    options,
  );

/** Decodes one given value; on failure says what was expected (never the value of a secret). */
export const decode = <T>(setting: Setting<T>, input: unknown): Result.Result<T, string> => {
  const result = Schema.decodeUnknownResult(setting.schema)(input);
  if (Result.isSuccess(result)) return Result.succeed(result.success);
  const got = setting.secret
    ? "something else"
    : typeof input === "string"
    ? `"${input}"`
    : JSON.stringify(input);
  return Result.fail(`expected ${setting.expected}, got ${got}`);
};
