import type { Sink } from "@candlewick/core";
import { Cause, Effect, Exit, Tracer } from "effect";
import { expect, it } from "vitest";
import { type Named, secretsIn } from "../testing/traces.ts";
import { startSandbox } from "./sandbox.ts";
import { openSource, runDag, sink as sinkPlugin, values } from "./workspace.ts";

/** Notes all that spans are told. */
const recording = () => {
  const told: Array<string> = [];
  const names = new Set<string>();
  const tell = (value: unknown) =>
    void told.push(Deno.inspect(value, { depth: 10, strAbbreviateSize: 10_000 }));
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options);
      names.add(options.name);
      tell(options.name);
      return Object.assign(Object.create(span) as Tracer.NativeSpan, {
        attribute: (key: string, value: unknown) => {
          tell([key, value]);
          span.attribute(key, value);
        },
        event: (name: string, startTime: bigint, attributes?: Record<string, unknown>) => {
          tell([name, attributes]);
          span.event(name, startTime, attributes);
        },
        end: (endTime: bigint, exit: Exit.Exit<unknown, unknown>) => {
          tell([...span.attributes]);
          if (Exit.isFailure(exit)) tell(Cause.pretty(exit.cause));
          span.end(endTime, exit);
        },
      });
    },
  });
  return { tracer, told, names };
};

it("spans of runs that go well, that are refused, and that cannot reach the database hold no secret", async () => {
  await using sandbox = await startSandbox({
    apiKey: "unmistakable-api-key-81",
    apiSecret: "unmistakable-api-secret-82",
  });
  const { tracer, told, names } = recording();
  const directory = await Deno.makeTempDir({ prefix: "candlewick-spans-" });
  const url = "postgres://ann:unmistakable-password-83@127.0.0.1:1/market";
  const settings = {
    root: sandbox.url,
    apiKey: sandbox.apiKey,
    apiSecret: sandbox.apiSecret,
    accessToken: sandbox.accessToken,
  };
  const historic = (sink: Sink.Sink["Service"], symbol: number) =>
    Effect.scoped(Effect.gen(function* () {
      const source = yield* openSource("kite", settings, "none");
      return yield* runDag("historic", { symbols: sandbox.selection[symbol], from: "2024-01-01" }, {
        source,
        sink,
      });
    }));
  const open = Effect.fnUntraced(function* (given: Readonly<Record<string, unknown>>) {
    const plugin = yield* sinkPlugin("postgres");
    return yield* plugin.make(yield* values(plugin.settings, given), { directory, data: "real" });
  });

  const outcomes = await Effect.runPromise(
    Effect.scoped(Effect.gen(function* () {
      const sink = yield* open({});
      const source = yield* openSource("kite", settings, "none");
      yield* runDag("instruments", {}, { source, sink });
      const good = yield* Effect.exit(historic(sink, 0));
      sandbox.killToken();
      const refused = yield* Effect.exit(historic(sink, 1));
      const unreachable = yield* Effect.exit(open({ url, connectTimeout: "1s" }));
      return [Exit.isSuccess(good), Exit.isSuccess(refused), Exit.isSuccess(unreachable)];
    })).pipe(Effect.withTracer(tracer)),
  );
  await Deno.remove(directory, { recursive: true });

  expect(outcomes).toEqual([true, false, false]);
  for (const name of ["Kite.authenticate", "Kite.candles", "historic.fetch"]) {
    expect([...names]).toContain(name);
  }
  const secrets: Named = {
    "API key": sandbox.apiKey,
    "API secret": sandbox.apiSecret,
    "access token": sandbox.accessToken,
    "database password": "unmistakable-password-83",
  };
  expect(secretsIn(new TextEncoder().encode(told.join("\n")), secrets)).toEqual([]);
});
