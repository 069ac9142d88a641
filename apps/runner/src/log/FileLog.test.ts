import { Effect, Logger } from "effect";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import * as FileLog from "./FileLog.ts";

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "candlewick-log-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const write = (day: number, message: string, hide = (text: string) => text) =>
  Effect.runPromise(
    Effect.scoped(Effect.gen(function* () {
      const file = yield* FileLog.make(state, "r1", new Date(Date.UTC(2026, 0, day)), hide);
      if (file !== undefined) yield* Effect.provide(Effect.logInfo(message), Logger.layer([file.logger]));
      return file?.path;
    })).pipe(Effect.provide(Logger.layer([]))),
  );

it("is one file a run, JSON by line, closed to other users", async () => {
  const path = await write(2, "hello");
  expect(path).toBe(join(state, "logs", "20260102-000000-r1.jsonl"));
  expect(JSON.parse(readFileSync(path!, "utf8"))).toMatchObject({ level: "info", message: "hello" });
  expect(statSync(path!).mode & 0o777).toBe(0o600);
});

it("keeps the latest thirty and leaves alone what is no log", async () => {
  await write(1, "first");
  writeFileSync(join(state, "logs", "notes.txt"), "mine");
  for (let day = 2; day <= 35; day++) await write(day, "later");
  const names = readdirSync(join(state, "logs")).sort();
  expect(names).toHaveLength(31);
  expect(names[0]).toBe("20260106-000000-r1.jsonl");
  expect(names.at(-1)).toBe("notes.txt");
});

it("hides what it is told to", async () => {
  const path = await write(2, "the key is hush", (text) => text.replaceAll("hush", "..."));
  expect(readFileSync(path!, "utf8")).toContain("the key is ...");
});

it("a run goes on without a log that cannot be written", async () => {
  writeFileSync(join(state, "logs"), "a file where the folder should be");
  expect(await write(2, "hello")).toBeUndefined();
});
