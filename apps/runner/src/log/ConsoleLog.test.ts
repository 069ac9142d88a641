import { PluginError } from "@candlewick/core";
import { Cause, Effect, Logger, References } from "effect";
import { describe, expect, it } from "vitest";
import type { LogLevel } from "../config/ConfigFile.ts";
import { plain } from "../display/Style.ts";
import { consoleLogger } from "./ConsoleLog.ts";
import { note, SHOWN_FAILURES } from "./EventLog.ts";
import { entryOf } from "./FileLog.ts";

/** What an effect logs: lines on the console, without the time of day, and entries of the file. */
const logged = (effect: Effect.Effect<void>, level: LogLevel = "info") => {
  const console: Array<string> = [];
  const file: Array<Readonly<Record<string, unknown>>> = [];
  const toConsole = consoleLogger((line) => console.push(line.replace(/^\d\d:\d\d:\d\d /, "")), level, plain);
  const toFile = Logger.make((entry) => {
    file.push(JSON.parse(entryOf(entry)));
  });
  Effect.runSync(effect.pipe(
    Effect.provide(Logger.layer([toConsole, toFile])),
    Effect.provideService(References.MinimumLogLevel, "Debug"),
  ));
  return { console, file };
};

const everyLevel = Effect.all([
  Effect.logDebug("d"),
  Effect.logInfo("i"),
  Effect.logWarning("w"),
  Effect.logError("e"),
], { discard: true });

describe("the console", () => {
  it.each(
    [
      ["debug", ["d", "i", "warning: w", "error: e"]],
      ["info", ["i", "warning: w", "error: e"]],
      ["warn", ["warning: w", "error: e"]],
      ["error", ["error: e"]],
    ] as const,
  )("at %s shows %j", (level, lines) => expect(logged(everyLevel, level).console).toEqual(lines));

  const expected = Cause.fail(
    new PluginError.PluginError({
      plugin: "fake",
      operation: "candles",
      reason: new PluginError.Invalid({ message: "no such token" }),
    }),
  );

  it("spares users the stack of a failure that a plugin foresaw, unless they ask for it", () => {
    const effect = Effect.logError("candles failed", expected);
    expect(logged(effect).console).toEqual(["error: candles failed"]);
    expect(logged(effect, "debug").console.join("\n")).toMatch(/PluginError[\s\S]*at /);
    expect(logged(effect).file[0]!["stack"]).toMatch(/PluginError[\s\S]*at /);
  });

  it("shows the stack of a fault of the program", () => {
    const { console } = logged(Effect.logError("it broke", Cause.die(new TypeError("x is not a function"))));
    expect(console[0]).toBe("error: it broke");
    expect(console[1]).toMatch(/^ {2}TypeError: x is not a function\n {4,}at /);
  });
});

it("the file gets every entry, with its annotations and the time", () => {
  const { file } = logged(Effect.annotateLogs(everyLevel, { run: "r1", dag: "historic" }), "error");
  expect(file.map(({ level, message, run, dag }) => ({ level, message, run, dag }))).toEqual(
    [["debug", "d"], ["info", "i"], ["warn", "w"], ["error", "e"]].map(([level, message]) => ({
      level,
      message,
      run: "r1",
      dag: "historic",
    })),
  );
  for (const { time } of file) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it("many failed units do not flood the console, and all stand in the file", () => {
  const failures = Effect.forEach(
    Array.from({ length: 100 }, (_, index) => index + 1),
    (count) =>
      note(
        { _tag: "UnitFailed", dag: "d", task: "t", unit: `NSE:U${count}`, reason: "Invalid", message: "no" },
        { tasks: [], failed: { d: count } },
      ),
    { discard: true },
  );
  const { console, file } = logged(failures);
  expect(console).toHaveLength(SHOWN_FAILURES + 1);
  expect(console.at(-1)).toBe("warning: d: further failures are counted here and named in the log file");
  expect(file.filter(({ unit }) => unit !== undefined).map(({ unit }) => unit)).toContain("NSE:U100");
  expect(file.filter(({ message }) => String(message).includes("failed: no"))).toHaveLength(100);
  expect(file.every((entry) => !("fileOnly" in entry))).toBe(true);
});
