import { Dataset, type Exporter, PluginError } from "@candlewick/core";
import { canMakeDisks, smallDisk } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber, Stream } from "effect";
import * as fc from "fast-check";
import { join } from "node:path";
import { openAlone } from "../database/alone.ts";
import { exporter } from "./exporter.ts";

const columns = {
  symbol: Dataset.text(),
  instrument_token: Dataset.int64(),
  lots: Dataset.nullable(Dataset.int32()),
  ts: Dataset.timestamp(),
  day: Dataset.nullable(Dataset.date()),
  close: Dataset.nullable(Dataset.decimal()),
  is_final: Dataset.boolean(),
  extra: Dataset.nullable(Dataset.json()),
};

type Row = Dataset.RowOf<typeof columns>;

const row = (n: number): Row => ({
  symbol: `NSE:S${n % 7}, "quoted"\nand ü`,
  instrument_token: Number.MAX_SAFE_INTEGER - n,
  lots: n % 3 === 0 ? null : -n,
  ts: Date.UTC(2024, 0, 1, 3, 45) + n * 60_000,
  day: n % 2 === 0 ? "2024-02-29" : null,
  close: n % 5 === 0 ? null : `${n}.05`,
  is_final: n % 2 === 1,
  extra: n % 4 === 0 ? null : { n, text: "'x'" },
});

const folder = Effect.acquireRelease(
  Effect.promise(() => Deno.makeTempDir({ prefix: "candlewick-export-" })),
  (path) => Effect.promise(() => Deno.remove(path, { recursive: true })),
);

const targetIn = (path: string, rest: Partial<Exporter.ExportTarget> = {}) =>
  Effect.promise(async () => {
    const scratch = await Deno.makeTempDir({ dir: path });
    return {
      path: join(path, "out.parquet"),
      format: "parquet",
      decimals: "double",
      scratch,
      ...rest,
    } as const;
  });

/** What a query over a written file answers. */
const read = (sql: string) =>
  Effect.scoped(Effect.flatMap(openAlone(":memory:", {}), (connection) => connection.query(sql)));

const batches = (rows: ReadonlyArray<Row>, size: number) =>
  Stream.fromIterable(rows).pipe(Stream.grouped(size));

const names = (path: string) =>
  [...Deno.readDirSync(path)].filter(({ isFile }) => isFile).map(({ name }) => name);

/** The rows of a file as they were given. */
const SELECT =
  `select symbol, instrument_token, lots, epoch_ms(ts) as ts, day::varchar as day, close::varchar as close, is_final,
  extra from`;

const given = ({ extra, ...rest }: Row) => ({
  ...rest,
  extra: extra === null ? null : JSON.stringify(extra),
});

describe("exporter", () => {
  it.effect("writes rows of all types to Parquet, in their order, whatever the batches", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const rows = Array.from({ length: 10_000 }, (_, n) => row(n));
      const target = yield* targetIn(path, { decimals: "exact" });
      const exported = yield* exporter.write(columns, batches(rows, 999), target);
      expect(exported).toEqual({ rows: 10_000, bytes: Deno.statSync(target.path).size });
      expect(yield* read(`${SELECT} '${target.path}'`)).toEqual(rows.map(given));
      expect(names(path)).toEqual(["out.parquet"]);
      expect(yield* read(`select * from parquet_kv_metadata('${target.path}')`)).toEqual([]);
    })));

  it.effect("writes types that other programs understand", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const types = (decimals: Exporter.ExportTarget["decimals"]) =>
        Effect.gen(function* () {
          const target = yield* targetIn(path, { decimals });
          yield* exporter.write(columns, batches([row(1), row(12)], 1), target);
          const described = yield* read(`describe select * from '${target.path}'`);
          return Object.fromEntries(described.map((one) => [one.column_name, one.column_type]));
        });
      const plain = {
        symbol: "VARCHAR",
        instrument_token: "BIGINT",
        lots: "INTEGER",
        ts: "TIMESTAMP WITH TIME ZONE",
        day: "DATE",
        close: "DOUBLE",
        is_final: "BOOLEAN",
        extra: "VARCHAR",
      };
      expect(yield* types("double")).toEqual(plain);
      expect(yield* types("exact")).toEqual({ ...plain, close: "DECIMAL(38,2)" });
    })));

  it.effect("writes CSV with a header and ISO stamps; exact decimals digit for digit", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const csv = { path: join(path, "out.csv"), format: "csv", decimals: "exact" } as const;
      const few = {
        s: Dataset.text(),
        ts: Dataset.timestamp(),
        d: Dataset.date(),
        p: Dataset.nullable(Dataset.decimal()),
      };
      const text = (millis: number) =>
        Effect.gen(function* () {
          const rows = [
            { s: 'a,"b"', ts: Date.UTC(2024, 0, 1, 18, 30) + millis, d: "2024-01-02", p: "10.50" },
            { s: "", ts: -1_000, d: "0001-01-01", p: null },
          ];
          yield* exporter.write(few, Stream.make(rows), yield* targetIn(path, csv));
          return yield* Effect.promise(() => Deno.readTextFile(csv.path));
        });
      expect(yield* text(0)).toBe(
        's,ts,d,p\n"a,""b""",2024-01-01T18:30:00Z,2024-01-02,10.50\n"",1969-12-31T23:59:59Z,0001-01-01,\n',
      );
      expect(yield* text(7)).toContain("2024-01-01T18:30:00.007Z");
    })));

  it.effect("writes a file without rows", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const target = yield* targetIn(path);
      expect((yield* exporter.write(columns, Stream.empty, target)).rows).toBe(0);
      expect(yield* read(`select * from '${target.path}'`)).toEqual([]);
    })));

  it.effect("replaces a file once the new one is whole", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const target = yield* targetIn(path);
      yield* exporter.write(columns, batches([row(1)], 1), target);
      const failing = Stream.concat(
        batches([row(2), row(3)], 1),
        Stream.fail("the store went away" as const),
      );
      const again = yield* targetIn(path);
      expect(yield* Effect.flip(exporter.write(columns, failing, again))).toBe("the store went away");
      expect(yield* read(`${SELECT} '${target.path}'`)).toEqual([given(row(1))]);
      expect(names(path)).toEqual(["out.parquet"]);
      yield* exporter.write(columns, batches([row(4)], 1), yield* targetIn(path));
      expect(yield* read(`${SELECT} '${target.path}'`)).toEqual([given(row(4))]);
    })));

  it.live(
    "leaves nothing behind when it is interrupted, whenever that is",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const path = yield* folder;
        const rows = Array.from({ length: 50_000 }, (_, n) => row(n));
        for (const moment of [0, 20, 60, 120]) {
          const target = yield* targetIn(path, { path: join(path, `at-${moment}.parquet`) });
          const fiber = yield* Effect.forkChild(exporter.write(columns, batches(rows, 5_000), target));
          yield* Effect.sleep(moment);
          yield* Fiber.interrupt(fiber);
          for (const name of names(path)) {
            // Whole before the interruption came.
            const [count] = yield* read(`select count(*) as n from '${join(path, name)}'`);
            expect(count).toEqual({ n: 50_000 });
          }
        }
      })),
    60_000,
  );

  it.effect("says which decimals do not fit, and writes nothing", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const price = { close: Dataset.decimal() };
      const rows = [{ close: "1".repeat(30) }, { close: `0.${"1".repeat(9)}` }];
      const write = (rest: Partial<Exporter.ExportTarget>, given = rows) =>
        Effect.flatMap(targetIn(path, rest), (target) => exporter.write(price, Stream.make(given), target));
      const exact = yield* Effect.flip(write({ decimals: "exact" }));
      expect(PluginError.isPluginError(exact) && exact.reason).toMatchObject({
        _tag: "Store",
        fault: "schema",
      });
      expect(exact.message).toContain("close");
      const large = yield* Effect.flip(write({}, [{ close: "9".repeat(400) }]));
      expect(large.message).toContain("too large for a double");
      expect(names(path)).toEqual([]);
      expect((yield* write({ decimals: "exact", format: "csv" })).rows).toBe(2);
    })));

  it.effect.skipIf(!canMakeDisks)(
    "tells a full disk, and leaves the file that was there (needs root on Linux, to mount a small disk)",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const path = yield* folder;
        const disk = yield* smallDisk(1);
        const target = yield* targetIn(path, { path: join(disk, "out.csv"), format: "csv" });
        yield* exporter.write(columns, batches([row(1)], 1), target);
        const before = Deno.readTextFileSync(target.path);
        const many = batches(Array.from({ length: 20_000 }, (_, n) => row(n)), 5_000);
        const error = yield* Effect.flip(
          exporter.write(columns, many, { ...target, scratch: (yield* targetIn(path)).scratch }),
        );
        expect(error.reason).toMatchObject({ _tag: "Store", fault: "capacity" });
        expect(names(disk)).toEqual(["out.csv"]);
        expect(Deno.readTextFileSync(target.path)).toBe(before);
      })),
  );

  it.effect("says when the folder is not there", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const target = yield* targetIn(path, { path: join(path, "none", "out.parquet") });
      const error = yield* Effect.flip(exporter.write(columns, batches([row(1)], 1), target));
      expect(PluginError.isPluginError(error) && error.reason._tag).toBe("Store");
    })));

  it.effect("any rows come back row for row, in both formats", () =>
    Effect.scoped(Effect.gen(function* () {
      const path = yield* folder;
      const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(8)).map(
        ([n, scale]) => {
          const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, "0");
          const cut = digits.length - scale;
          return `${n < 0n ? "-" : ""}${digits.slice(0, cut)}${scale === 0 ? "" : `.${digits.slice(cut)}`}`;
        },
      );
      const any = fc.record({
        s: fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
        n: fc.option(fc.maxSafeInteger(), { nil: null }),
        ts: fc.integer({ min: -2_208_988_800_000, max: 7_258_118_400_000 }),
        p: fc.option(decimal, { nil: null }),
      });
      const few = {
        s: Dataset.text(),
        n: Dataset.nullable(Dataset.int64()),
        ts: Dataset.timestamp(),
        p: Dataset.nullable(Dataset.decimal()),
      };
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(fc.array(any), fc.constantFrom("parquet", "csv"), (rows, format) =>
            Effect.runPromise(Effect.gen(function* () {
              const target = yield* targetIn(path, {
                path: join(path, `any.${format}`),
                format,
                decimals: "exact",
              });
              yield* exporter.write(few, Stream.make(rows), target);
              const from = format === "csv"
                ? `read_csv('${target.path}', header = true, all_varchar = true, allow_quoted_nulls = false)`
                : `'${target.path}'`;
              const found = yield* read(
                `select s, n::bigint n, epoch_ms(ts::timestamptz) ts, 
                p::decimal(38, 8)::varchar p from ${from}`,
              );
              const eight = (text: string) => {
                const [whole, fraction = ""] = text.split(".");
                const full = `${whole}.${fraction.padEnd(8, "0")}`;
                return /^-0\.0+$/.test(full) ? full.slice(1) : full;
              };
              expect(found).toEqual(
                rows.map((one) => ({ ...one, p: one.p === null ? null : eight(one.p) })),
              );
            }))),
          { numRuns: 100 },
        )
      );
    })), 60_000);
});
