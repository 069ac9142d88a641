import { Dataset, PluginError, type Sink } from "@candlewick/core";
import { identifier, literal } from "@candlewick/sql-store";
import { Cause, Effect, Exit, Redacted, Result, Stream } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, parse } from "../connection/address.ts";
import { serverForTests, sinkOn, type TestDatabase } from "../testing/servers.ts";
import { indexName } from "./table.ts";

const NASTY = [
  ...[
    "",
    "\0",
    "a\0b",
    '"',
    '""',
    "'",
    "''",
    "\\",
    "\\'",
    "$$",
    "$1",
    "$a$",
    ";",
    "--",
    "/*",
    "*/",
    "%",
    "?",
  ],
  ...["select", "table", "user", "order", "null", "group", "current_user", "all", "default", "public"],
  ...[
    "ctid",
    "oid",
    "tableoid",
    "~new",
    "~given",
    "__proto__",
    "constructor",
    "toString",
    "t",
    "s",
    "r",
    "given",
  ],
  ...["ts", "Größe", "日本語", "🕯️", "\ud800", "a\udc00b", "İ", "\u200b", "\ufeff", " ", "\n", "\t", "\r\n"],
  ...[
    'canary"; drop table canary; --',
    "canary'; drop table canary; --",
    "canary",
    "Canary",
    "public.canary",
  ],
  ...["x\0; drop table canary", "$$; drop table canary; $$", "*/ drop table canary /*", "pg_class"],
  ...["a".repeat(62), "a".repeat(63), "a".repeat(64), "a".repeat(1_000), "é".repeat(31), "é".repeat(32)],
];

const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(..."\0\"'\\$;-/* a\n%_`[]"), maxLength: 20 }),
  // Names that are one when they are cut to what PostgreSQL keeps of them.
  fc.string({ maxLength: 2 }).map((end) => "z".repeat(62) + end),
);

const column = fc.tuple(text, fc.boolean(), text).map(([name, isNullable, description]) =>
  [
    name,
    isNullable ? Dataset.nullable(Dataset.text(description)) : Dataset.text(description),
  ] as const
);

/** A dataset that no `Dataset.make` has judged, with a row and other values for it. */
const dataset = fc.tuple(
  text,
  text,
  fc.uniqueArray(column, { minLength: 1, maxLength: 4, selector: ([name]) => name }),
)
  .map(([name, description, columns]): Dataset.Dataset => ({
    name,
    description,
    columns: Object.fromEntries([["id", Dataset.text()] as const, ...columns]),
    key: ["id"],
    indexes: [{ columns: [columns.at(-1)![0]] }],
  }));

const canary = Dataset.make({
  name: "canary",
  columns: { id: Dataset.int64(), song: Dataset.text() },
  key: ["id"],
});

const SONG = [{ id: 1, song: "tweet" }];

/** Ends with success or with an error of the store that says something; never with a fault of ours. */
const settled = Effect.fnUntraced(function* <A>(effect: Effect.Effect<A, unknown>) {
  const exit = yield* Effect.exit(effect);
  if (Exit.isSuccess(exit)) return exit.value;
  const error = Cause.squash(exit.cause);
  if (!PluginError.isPluginError(error) || error.reason._tag !== "Store") {
    return expect.unreachable(`not an error of the store: ${Cause.pretty(exit.cause)}`);
  }
  // A lost connection would be the answer to a message that was torn apart by what it held.
  expect(error.reason.fault, error.message).not.toBe("connection");
  expect(error.reason.message.length).toBeGreaterThan(5);
  return undefined;
});

const all = (sink: Sink.Sink["Service"], from: Dataset.Dataset) =>
  Effect.map(Stream.runCollect(sink.select(from)), (batches) => batches.flat());

const tables = ({ sql }: TestDatabase) =>
  Effect.map(
    sql(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
        and relname <> 'candlewick_datasets'`,
    ),
    (rows) => rows.map(([name]) => name).sort(),
  );

const RUNS = 150;

describe("names and values that reach SQL, whatever they are, on a real server", () => {
  const server = serverForTests();

  const withCanary = <A, E>(body: (database: TestDatabase) => Effect.Effect<A, E>) =>
    server.run(Effect.gen(function* () {
      const database = yield* server.database();
      yield* database.sink.ensure(canary);
      yield* database.sink.upsert(canary, SONG);
      return yield* body(database);
    }));

  const expectCanary = ({ sink }: TestDatabase) =>
    Effect.map(all(sink, canary), (rows) => expect(rows).toEqual(SONG));

  it(
    "datasets and their columns, indexes, descriptions and rows: refused, or there exactly and alone",
    () =>
      withCanary((database) =>
        Effect.promise(() => {
          const { sink } = database;
          const known = new Set(["canary"]);
          let made = 0;
          return fc.assert(
            fc.asyncProperty(dataset, fc.array(text, { maxLength: 3 }), (definition, values) =>
              Effect.runPromise(Effect.gen(function* () {
                const rows = [...new Set(values)].map((value) => ({
                  ...Object.fromEntries(Object.keys(definition.columns).map((name) => [name, value])),
                  id: value,
                }));
                if (definition.name !== "canary") {
                  const isMade = yield* settled(Effect.as(sink.ensure(definition), true));
                  if (isMade === true) {
                    made++;
                    known.add(definition.name);
                  }
                  yield* settled(sink.upsert(definition, rows));
                  const read = yield* settled(all(sink, definition));
                  const isClean = !values.some((value) => value.includes("\0") || !value.isWellFormed());
                  if (isMade === true && isClean && read !== undefined) {
                    for (const row of rows) {
                      expect(read).toContainEqual(row);
                    }
                  }
                  for (const value of values) {
                    yield* settled(sink.replace(definition, [{ op: "eq", column: "id", value }], []));
                  }
                }
                expect(yield* tables(database)).toEqual([...known].sort());
                yield* expectCanary(database);
              }))),
            { numRuns: RUNS },
          ).then(() =>
            expect(made).toBeGreaterThan(RUNS / 10)
          );
        })
      ),
    120_000,
  );

  it(
    "views and the names of their columns: refused, or there exactly and alone",
    () =>
      withCanary((database) =>
        Effect.promise(() => {
          const known = new Set(["canary"]);
          return fc.assert(
            fc.asyncProperty(text, text, text, (name, description, added) =>
              Effect.runPromise(Effect.gen(function* () {
                if (name === "canary") return;
                const isMade = yield* settled(Effect.as(
                  database.sink.ensureView({
                    name,
                    description,
                    base: canary,
                    joined: canary,
                    on: [["id", added]],
                    adds: [],
                  }),
                  true,
                ));
                if (isMade === true) {
                  known.add(name);
                }
                const good = {
                  name,
                  description,
                  base: canary,
                  joined: canary,
                  on: [["id", "id"]] as const,
                  adds: [],
                };
                if ((yield* settled(Effect.as(database.sink.ensureView(good), true))) === true) {
                  known.add(name);
                }
                expect(yield* tables(database)).toEqual([...known].sort());
                yield* expectCanary(database);
              }))),
            { numRuns: RUNS },
          ).then(() =>
            expect(known.size).toBeGreaterThan(RUNS / 10)
          );
        })
      ),
    120_000,
  );

  it("locks: held and let go, or refused", () =>
    withCanary((database) =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(text, (lock) =>
            Effect.runPromise(Effect.gen(function* () {
              yield* settled(database.sink.transaction(Effect.void, { lock }));
              yield* settled(Effect.scoped(database.sink.tryLock(lock)));
              yield* expectCanary(database);
            }))),
          { numRuns: RUNS },
        )
      )
    ), 120_000);

  it(
    "schemas in the connection string: refused, or without effect on others",
    () =>
      withCanary((database) =>
        Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(text, (schema) =>
              Effect.runPromise(Effect.gen(function* () {
                const { host, port, user, password, database: name } = database.address as Address & {
                  readonly host: string;
                  readonly port: number;
                };
                const address = parse(
                  `postgres://${user}:${Redacted.value(password!)}@${host}:${port}/${name}?search_path=${
                    encodeURIComponent(schema.toWellFormed())
                  }`,
                );
                if (Result.isFailure(address)) return;
                yield* Effect.exit(Effect.scoped(Effect.flatMap(
                  sinkOn(address.success),
                  (sink) => sink.ensure({ ...canary, name: "elsewhere" }),
                )));
                yield* expectCanary(database);
              }))),
            { numRuns: 100 },
          )
        )
      ),
    120_000,
  );

  it(
    "an identifier and a literal are one token that means the text",
    () =>
      withCanary(({ sql }) =>
        Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(
              text.filter((one) =>
                one !== "" && !one.includes("\0") && one.isWellFormed() && one.length < 16
              ),
              (one) =>
                Effect.runPromise(Effect.gen(function* () {
                  expect(yield* sql(`select ${literal(one)}`)).toEqual([[one]]);
                  const quoted = `select json_object_keys(to_json(q)) from (select 1 as ${
                    identifier(one)
                  }) q`;
                  expect(yield* sql(quoted)).toEqual([[one]]);
                })),
            ),
            { numRuns: RUNS },
          )
        )
      ),
    60_000,
  );

  it("the names of indexes have at most 63 bytes, whatever the columns are called", () => {
    fc.assert(fc.property(text, fc.array(text, { minLength: 1 }), (table, columns) => {
      const name = indexName(table, { columns });
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(63);
    }));
  });
});
