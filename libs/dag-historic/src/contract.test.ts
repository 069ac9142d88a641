import { dagContract } from "@candlewick/core/testing";
import { Effect } from "effect";
import plugin from "./plugin.ts";
import { dailyFrom, defaults, LISTED, master, names, NOW, row } from "./testing/setting.ts";

dagContract({
  name: "historic",
  plugin,
  parameters: { ...defaults, from: "2024-01-01" },
  market: { candles: dailyFrom(LISTED) },
  prepare: (sink) =>
    Effect.andThen(
      sink.ensure(master),
      sink.upsert(master, names.slice(0, 3).map((name, i) => row(i + 1, name))),
    ),
  now: NOW,
  notes: [],
});
