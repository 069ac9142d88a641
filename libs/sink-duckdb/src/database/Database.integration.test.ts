import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { join } from "node:path";
import { fileIn, folder, holding, setVersion } from "../testing/files.ts";
import { open } from "./Database.ts";

const options = { memory: 256, threads: 2 };

const opened = (path: string, temporary: string) =>
  open({ path, temporary, isOwn: false, backups: `${path}-backups` }, options);

/** The failure of opening what `make` left at the path. */
const refusalOf = (make: (path: string) => void) =>
  Effect.gen(function* () {
    const place = fileIn(yield* folder);
    make(place.path);
    const error = yield* Effect.flip(Effect.scoped(opened(place.path, place.temporary)));
    expect(error.message).toContain(place.path);
    return { error, place };
  });

describe("opening a database file", () => {
  it.live("makes a file that only the user may read, and finds in it what was committed", () =>
    Effect.gen(function* () {
      const { path, temporary } = fileIn(yield* folder);
      yield* Effect.scoped(Effect.gen(function* () {
        const connection = yield* (yield* opened(path, temporary)).connect;
        yield* connection.run("create table t (a integer); insert into t values (1), (2)");
      }));
      const names = [...Deno.readDirSync(join(path, ".."))].map((entry) => entry.name);
      expect(names).toEqual(["market.duckdb"]);
      if (Deno.build.os !== "windows") expect(Deno.statSync(path).mode! & 0o777).toBe(0o600);
      const rows = yield* Effect.scoped(Effect.gen(function* () {
        const connection = yield* (yield* opened(path, temporary)).connect;
        return yield* connection.query("select sum(a) as total, current_setting('TimeZone') as zone from t");
      }));
      expect(rows).toEqual([{ total: 3, zone: "UTC" }]);
    }));

  it.live("is shared by all in the process who open the file, until the last of them closes it", () =>
    Effect.gen(function* () {
      const { path, temporary } = fileIn(yield* folder);
      yield* Effect.scoped(Effect.gen(function* () {
        const first = yield* opened(path, temporary);
        const second = yield* Effect.scoped(opened(path, temporary));
        expect(second).toBe(first);
        yield* (yield* first.connect).run("create table t (a integer)");
      }));
      const again = yield* Effect.scoped(opened(path, temporary));
      expect(again.path).toBe(Deno.realPathSync(path));
    }));

  it.live("says which program has the file, and that one at a time may", () =>
    Effect.gen(function* () {
      const { path, temporary } = fileIn(yield* folder);
      const pid = yield* holding(path);
      const error = yield* Effect.flip(Effect.scoped(opened(path, temporary)));
      expect(error.fault).toBe("conflict");
      expect(error.kind).toBe("locked");
      expect(error.message).toContain(path);
      if (Deno.build.os === "linux") expect(error.message).toContain(`PID ${pid}`);
      expect(error.message).toContain("one program at a time");
    }), 30_000);

  for (
    const [what, content] of [
      ["of something else", "a spreadsheet, perhaps ".repeat(2_000)],
      ["that is short", "x"],
    ] as const
  ) {
    it.live(`leaves a file ${what} as it is`, () =>
      Effect.gen(function* () {
        const { error, place } = yield* refusalOf((path) => Deno.writeTextFileSync(path, content));
        expect(error.fault).toBe("schema");
        expect(error.kind).toBe("foreign");
        expect(Deno.readTextFileSync(place.path)).toBe(content);
        expect([...Deno.readDirSync(join(place.path, ".."))].length).toBe(1);
      }));
  }

  it.live("leaves a file of a newer version as it is", () =>
    Effect.gen(function* () {
      const place = fileIn(yield* folder);
      yield* Effect.scoped(opened(place.path, place.temporary));
      const bytes = Deno.readFileSync(place.path);
      setVersion(bytes, 9_999n);
      Deno.writeFileSync(place.path, bytes);
      const error = yield* Effect.flip(Effect.scoped(opened(place.path, place.temporary)));
      expect(error.message).toContain(place.path);
      expect([error.fault, error.kind]).toEqual(["schema", "version"]);
      expect(Deno.readFileSync(place.path)).toEqual(bytes);
    }));

  it.live("refuses a folder, and a folder that is missing, in words of a user", () =>
    Effect.gen(function* () {
      const folderError = (yield* refusalOf((path) => Deno.mkdirSync(path))).error;
      expect(folderError.fault).toBe("connection");
      expect(folderError.message).toContain("is a folder");
      const place = fileIn(yield* folder);
      const missing = join(place.path, "nowhere", "market.duckdb");
      const error = yield* Effect.flip(Effect.scoped(opened(missing, place.temporary)));
      expect(error.fault).toBe("connection");
      expect(error.message).toContain("does not exist");
    }));

  it.live("takes nothing from the network and loads no extension that it did not bring", () =>
    Effect.gen(function* () {
      const { path, temporary } = fileIn(yield* folder);
      const connection = yield* (yield* opened(path, temporary)).connect;
      const error = yield* Effect.flip(connection.query("select * from 'https://example.com/x.csv'"));
      expect(error.fault).toBe("schema");
      expect(error.message).toContain("httpfs");
    }));
});

describe("a statement that is interrupted", () => {
  it.live("ends, and leaves its connection fit for the next", () =>
    Effect.gen(function* () {
      const { path, temporary } = fileIn(yield* folder);
      const connection = yield* (yield* opened(path, temporary)).connect;
      const endless = connection.query("select count(*) from range(100000000) a, range(100000) b");
      expect(yield* Effect.timeoutOption(endless, "50 millis")).toMatchObject({ _tag: "None" });
      expect(yield* connection.query("select 1 as one")).toEqual([{ one: 1 }]);
    }));
});
