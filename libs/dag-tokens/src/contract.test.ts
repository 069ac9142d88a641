import { dagContract } from "@candlewick/core/testing";
import { Effect } from "effect";
import plugin from "./plugin.ts";
import { makeListings } from "./testing/market.ts";
import { defaults, dump, info, NOW, tables } from "./testing/setting.ts";

const { equity, future, option } = makeListings();
const { dumps, master } = tables();
const listings = [
  equity("INFY"),
  equity("TCS"),
  future("INFY"),
  future("TCS"),
  option("INFY", "1500", "CE"),
  option("INFY", "1500", "PE"),
  option("TCS", "-1", "CE"),
];

dagContract({
  name: "tokens",
  plugin,
  parameters: defaults,
  market: { info },
  prepare: (sink) =>
    Effect.gen(function* () {
      yield* sink.ensure(master);
      yield* sink.ensure(dumps);
      yield* sink.upsert(master, listings);
      yield* sink.upsert(dumps, [dump("NFO"), dump("NSE")]);
    }),
  allOrNothing: true,
  now: NOW,
  notes: [],
});
