import { Dataset } from "@candlewick/core";
import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { existsSync } from "node:fs";
import { join } from "node:path";
import plugin from "./plugin.ts";
import { defaults } from "./settings.ts";
import { folder, holding } from "./testing/files.ts";

const context = (project: string, data: "real" | "sandbox" = "real") => ({
  directory: join(project, ".candlewick"),
  data,
});

const days = Dataset.make({ name: "days", columns: { day: Dataset.date() }, key: ["day"] });

/** A run that opens the store and writes a day. */
const run = (project: string, data: "real" | "sandbox", path?: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* plugin.make({ ...defaults, path }, context(project, data));
    yield* sink.ensure(days);
    yield* sink.upsert(days, [{ day: "2024-01-01" }]);
    return sink.location;
  }));

describe("the file of a run", () => {
  it.live("lies in the project's state, or where the setting says, relative to the project", () =>
    Effect.gen(function* () {
      const project = yield* folder;
      expect(yield* run(project, "real")).toContain("candlewick.duckdb");
      expect(existsSync(join(project, ".candlewick/duckdb/candlewick.duckdb"))).toBe(true);
      yield* run(project, "real", "market.duckdb");
      expect(existsSync(join(project, "market.duckdb"))).toBe(true);
      expect(existsSync(join(project, "market.duckdb.wal"))).toBe(false);
    }));

  it.live("is another one for invented data, whatever the setting says", () =>
    Effect.gen(function* () {
      const project = yield* folder;
      const location = yield* run(project, "sandbox", join(project, "market.duckdb"));
      expect(location).toContain("sandbox.duckdb");
      expect(existsSync(join(project, "market.duckdb"))).toBe(false);
    }));

  it.live(
    "that another program has open is a conflict that names the program and what to do",
    () =>
      Effect.gen(function* () {
        const project = yield* folder;
        yield* run(project, "real", "market.duckdb");
        const pid = yield* holding(join(project, "market.duckdb"));
        const { message } = yield* storeFailure(run(project, "real", "market.duckdb"), "conflict");
        expect(message).toContain("market.duckdb is open in");
        if (Deno.build.os === "linux") expect(message).toContain(String(pid));
        expect(message).toContain("close it there");
      }),
    30_000,
  );

  it.live("in a folder that is not there is refused, and no folder is made", () =>
    Effect.gen(function* () {
      const project = yield* folder;
      const { message } = yield* storeFailure(run(project, "real", "nowhere/market.duckdb"), "connection");
      expect(message).toContain("does not exist");
      expect(existsSync(join(project, "nowhere"))).toBe(false);
    }));
});
