import { Plugin, PluginError, RunEvent, runs, type RunSummary, Setting, Sink } from "@candlewick/core";
import { memorySink } from "@candlewick/core/testing";
import { Clock, Context, Effect, Logger, References } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryOf } from "../log/FileLog.ts";
import { outcomeOf } from "./Report.ts";
import { runDag } from "./RunDag.ts";

type Entry = Readonly<Record<string, unknown>>;

const run = { id: "run-1", dag: "job", source: "fake", started: 0 };

/** Runs a DAG as the program does, and returns its report, what was logged to the file, and the run record. */
const observe = (
  work: Effect.Effect<RunSummary.RunSummary, PluginError.PluginError>,
  store: Parameters<typeof memorySink>[0] = {},
  lost: Effect.Effect<never, PluginError.PluginError> = Effect.never,
  hide: (text: string) => string = (text) => text,
) =>
  Effect.runPromise(Effect.gen(function* () {
    const entries: Array<Entry> = [];
    const logger = Logger.make((entry) => {
      entries.push(JSON.parse(entryOf(entry)));
    });
    const sink = yield* memorySink(store);
    const plugin = Plugin.dag({
      id: "job",
      summary: "",
      parameters: {},
      needs: [],
      after: [],
      prerequisites: () => Effect.succeed([]),
      plan: () => Effect.die("not planned"),
      run: () => work,
    });
    const started = yield* Clock.currentTimeMillis;
    const report = yield* Effect.uninterruptibleMask((restore) =>
      runDag(
        { ...run, started },
        plugin,
        {} as Setting.Values<Setting.Settings>,
        restore,
        hide,
        lost,
      )
    ).pipe(
      Effect.provideContext(Context.make(Sink.Sink, sink) as Context.Context<Plugin.DagServices>),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "Debug"),
    );
    const records = sink.rows(runs);
    return { report, entries, records };
  }));

const text = fc.stringMatching(/^[A-Za-z0-9 :]{1,40}$/);

const summaries: fc.Arbitrary<RunSummary.RunSummary> = fc.record({
  outcome: fc.constantFrom("done" as const, "nothing" as const, "partial" as const, "failed" as const),
  headline: text,
  counts: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.nat()),
  tables: fc.constant([]),
  failures: fc.constant([]),
  notes: fc.array(text, { maxLength: 3 }),
});

const reasons = fc.tuple(
  fc.constantFrom(
    (message: string) => new PluginError.RateLimited({ message }),
    (message: string) => new PluginError.Unavailable({ message }),
    (message: string) => new PluginError.Unauthorized({ message, hint: "log in" }),
    (message: string) => new PluginError.Invalid({ message }),
    (message: string) => new PluginError.Corrupt({ message }),
    (message: string) => new PluginError.Store({ message, fault: "capacity" }),
  ),
  text,
).map(([make, message]) => make(message));

const failing = (reason: PluginError.Reason) =>
  Effect.fail(new PluginError.PluginError({ plugin: "fake", operation: "candles of NSE:INFY", reason }));

const anyWork = fc.oneof(
  summaries.map((summary) => Effect.succeed(summary)),
  reasons.map(failing),
  text.map((message) => Effect.die(new TypeError(message))),
  fc.constant(Effect.interrupt),
);

describe("002-P11: Operation logging completeness", () => {
  it("whatever happens, the log has a start and an end with outcome and duration", async () => {
    await fc.assert(
      fc.asyncProperty(anyWork, async (work) => {
        const { report, entries } = await observe(work);
        const [start, ...rest] = entries.filter(({ dag }) => dag === "job");
        expect(start).toMatchObject({ level: "info", message: "job: started" });
        const ends = rest.filter((entry) => "outcome" in entry);
        expect(ends).toHaveLength(1);
        expect(ends[0]).toMatchObject({ outcome: outcomeOf(report), millis: report.millis });
        for (const { time } of [start!, ...ends]) {
          expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
        }
        expect(Date.parse(ends[0]!["time"] as string)).toBeGreaterThanOrEqual(
          Date.parse(start!["time"] as string),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("an end without an error has all counts", async () => {
    await fc.assert(fc.asyncProperty(summaries, async (summary) => {
      const { entries } = await observe(Effect.succeed(summary));
      expect(entries.find((entry) => "outcome" in entry)).toMatchObject({
        outcome: summary.outcome,
        headline: summary.headline,
        counts: summary.counts,
      });
    }));
  });
});

describe("002-P13: Error logging detail", () => {
  it("an error is logged with its message, what was being done, and a stack", async () => {
    await fc.assert(fc.asyncProperty(reasons, async (reason) => {
      const { entries } = await observe(failing(reason));
      const end = entries.find((entry) => "outcome" in entry)!;
      expect(end).toMatchObject({ level: "error", dag: "job" });
      expect(end["message"]).toContain(`fake: candles of NSE:INFY: ${reason.message}`);
      expect(end["stack"]).toContain(reason.message);
      expect(end["stack"]).toMatch(/\n\s+at /);
    }));
  });

  it("so is a fault of the program", async () => {
    await fc.assert(fc.asyncProperty(text, async (message) => {
      const { entries } = await observe(Effect.die(new TypeError(message)));
      const end = entries.find((entry) => "outcome" in entry)!;
      expect(end["message"]).toContain(message);
      expect(end["stack"]).toMatch(/TypeError[\s\S]*\n\s+at /);
    }));
  });
});

describe("the record of a run", () => {
  it("says how the run ended", async () => {
    await fc.assert(fc.asyncProperty(anyWork, async (work) => {
      const { report, records } = await observe(work);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        run_id: "run-1",
        dag: "job",
        source: "fake",
        outcome: outcomeOf(report),
      });
      expect(records[0]!.finished_at).not.toBeNull();
    }));
  });

  it("is no reason to fail", async () => {
    const refuse = () =>
      Effect.fail(
        new PluginError.PluginError({
          plugin: "memory",
          operation: "write",
          reason: new PluginError.Store({ message: "full", fault: "capacity" }),
        }),
      );
    const summary: RunSummary.RunSummary = {
      outcome: "done",
      headline: "",
      counts: {},
      tables: [],
      failures: [],
      notes: [],
    };
    const { report, entries } = await observe(Effect.succeed(summary), { before: refuse });
    expect(outcomeOf(report)).toBe("done");
    expect(entries.filter(({ level }) => level === "warn").map(({ message }) => message)).toContain(
      "this run could not be noted in the table candlewick_runs",
    );
  });
});

describe("a turn that is lost", () => {
  it("ends the DAG at once, undone, with the reason", async () => {
    let undone = false;
    const work = Effect.onInterrupt(Effect.never, () => Effect.sync(() => undone = true));
    const taken = new PluginError.Store({ message: "another run has taken it", fault: "conflict" });
    const lost = Effect.fail(
      new PluginError.PluginError({ plugin: "memory", operation: "lock", reason: taken }),
    );
    const { report, records } = await observe(work, {}, lost);
    expect(undone).toBe(true);
    expect(report).toMatchObject({ ended: "failed", message: "memory: lock: another run has taken it" });
    expect(records[0]).toMatchObject({ outcome: "failed" });
  });
});

it("warnings of a DAG are kept in its summary, each once", async () => {
  const summary: RunSummary.RunSummary = {
    outcome: "done",
    headline: "",
    counts: {},
    tables: [],
    failures: [],
    notes: ["known already"],
  };
  const warnings = ["known already", "the dump has shrunk", "the dump has shrunk"];
  const { report } = await observe(Effect.as(Effect.forEach(warnings, RunEvent.warn), summary));
  expect("summary" in report && report.summary.notes).toEqual(["known already", "the dump has shrunk"]);
});

it("a secret that is a word of the report's own is hidden in texts, and the report stays one", async () => {
  const failing = Effect.fail(
    new PluginError.PluginError({
      plugin: "fake",
      operation: "summary",
      reason: new PluginError.Invalid({ message: "sent with failed" }),
    }),
  );
  const hide = (text: string) => text.replaceAll(/failed|ended|summary/g, "<secret>");
  const { report, records } = await observe(failing, {}, Effect.never, hide);
  expect(outcomeOf(report)).toBe("failed");
  expect(records.at(-1)).toMatchObject({ outcome: "failed", headline: "fake: <secret>: sent with <secret>" });
});
