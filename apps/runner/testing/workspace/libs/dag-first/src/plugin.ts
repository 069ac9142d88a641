import { Dag, Plugin, PluginError, RunEvent, type RunSummary, Setting, Source } from "@candlewick/core";
import { Effect, Redacted } from "effect";

const parameters = {
  mode: Setting.literal([
    "done",
    "nothing",
    "partial",
    "failed",
    "authenticate",
    "store",
    "defect",
    "hang",
    "stubborn",
    "print",
    "leak",
    "reach",
    "scribble",
    "passwd",
    "process",
    "variable",
    "blurt",
    "stray",
    "warn",
    "slow",
  ], { description: "How it ends", default: "done" }),
  units: Setting.int({ description: "How many units", default: 3, min: 0 }),
  insist: Setting.flag({ description: "A bare flag" }),
};

const failure = (reason: PluginError.Reason) =>
  new PluginError.PluginError({ plugin: "fake", operation: "candles of NSE:INFY", reason });

const summary = (outcome: RunSummary.RunSummary["outcome"], units: number): RunSummary.RunSummary => ({
  outcome,
  headline: `${units} units`,
  counts: { units, rejected: 1_234 },
  tables: [{ title: "Units", columns: ["unit", "rows"], rows: [["NSE:A", 5], ["NSE:LONGER", 12_345]] }],
  failures: outcome === "partial" || outcome === "failed"
    ? Array.from({ length: units }, (_, unit) => ({
      unit: `NSE:U${unit}`,
      reason: "Invalid" as const,
      message: "the vendor refuses",
    }))
    : [],
  notes: [],
});

const progress = (done: number, total: number) =>
  RunEvent.emit((at) => ({
    _tag: "Progress",
    ...at,
    unit: "units",
    done,
    total,
    failed: 0,
    rejected: 1,
    current: `NSE:U${done}`,
  }));

const work = Effect.fnUntraced(function* (mode: Setting.Values<typeof parameters>["mode"], units: number) {
  for (let unit = 0; unit <= units; unit++) yield* progress(unit, units);
  switch (mode) {
    case "done":
    case "nothing":
      return summary(mode, units);
    case "partial":
    case "failed": {
      const result = summary(mode, units);
      for (const one of result.failures) {
        yield* RunEvent.emit((at) => ({ _tag: "UnitFailed", ...at, ...one }));
      }
      return result;
    }
    case "authenticate":
      yield* (yield* Source.SourceSession).authenticate;
      return summary("done", units);
    case "store":
      return yield* failure(new PluginError.Store({ message: "the disk is full", fault: "capacity" }));
    case "defect":
      return yield* Effect.die(new TypeError("x is not a function"));
    case "hang":
      return yield* Effect.never;
    case "stubborn":
      return yield* Effect.uninterruptible(Effect.never);
    case "slow":
      yield* Effect.sleep("400 millis");
      return summary("done", units);
    case "print":
      console.log("a library speaks");
      return summary("done", units);
    case "leak":
      yield* Effect.logError("sent with hush-hush-1234", Redacted.make("hush-hush-1234"));
      return yield* failure(new PluginError.Invalid({ message: "refused hush-hush-1234" }));
    case "reach":
      yield* Effect.promise(() => fetch("https://elsewhere.example/"));
      return summary("done", units);
    case "scribble":
      Deno.writeTextFileSync("outside.txt", "scribble");
      return summary("done", units);
    case "passwd":
      Deno.readTextFileSync("/etc/passwd");
      return summary("done", units);
    case "process":
      new Deno.Command("id").outputSync();
      return summary("done", units);
    case "variable":
      Deno.env.get("HOME");
      return summary("done", units);
    case "blurt":
      // As careless libraries do: to the console, around whatever the program does to its output.
      for (const method of ["log", "info", "debug", "warn", "error"] as const) {
        console[method]("sent with", { key: "hush-hush-1234" });
      }
      return yield* Effect.die(new Error("broke on hush-hush-1234"));
    case "stray":
      setTimeout(() => void Promise.reject(new Error("nobody waits for hush-hush-1234")));
      return yield* Effect.never;
    case "warn":
      yield* RunEvent.warn("the dump has shrunk");
      return summary("done", units);
  }
});

export default Plugin.dag({
  id: "first",
  summary: "Ends as it is told",
  parameters,
  needs: ["instruments"],
  after: [],
  prerequisites: () => Effect.succeed([]),
  plan: ({ units }) =>
    Effect.succeed({
      headline: `Would do ${units} units`,
      requests: units,
      seconds: 1,
      tables: [],
      notes: [],
    }),
  run: ({ mode, units }) => Dag.run("first", Dag.start("work", work(mode, units))),
});
