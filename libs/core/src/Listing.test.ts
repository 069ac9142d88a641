import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { instrumentMaster } from "./datasets/InstrumentMaster.ts";
import * as Listing from "./Listing.ts";
import { listing } from "./testing/listing.ts";
import { memorySink } from "./testing/memorySink.ts";
import { pretendInfo } from "./testing/pretendSource.ts";

const master = instrumentMaster(pretendInfo);

/** Why a symbol is not there, in a store of these listings. */
const why = Effect.fnUntraced(function* (symbol: string, listings: ReadonlyArray<string>) {
  const sink = yield* memorySink();
  yield* sink.ensure(master);
  yield* sink.upsert(
    master,
    listings.map((text, at) => {
      const [exchange = "", tradingsymbol = ""] = text.replace(" (gone)", "").split(":");
      return listing(at + 1, tradingsymbol, {
        exchange,
        delisted_at: text.endsWith(" (gone)") ? 1 : null,
      });
    }),
  );
  const [failure] = yield* Listing.explainMissing(sink, master, [symbol]);
  return failure!.message;
});

describe("a symbol that no listing bears", () => {
  it.effect.each(
    [
      ["NSE:INFY", ["NSE:INFY-EQ", "NSE:INFYX", "BSE:INFY"], "this source writes NSE:INFY-EQ"],
      ["NSE:INFY-EQ", ["NSE:INFY"], "this source writes NSE:INFY"],
      ["NSE:INFY-EQ", ["NSE:INFY-BE", "NSE:INFY-BL"], "this source writes NSE:INFY-BE or NSE:INFY-BL"],
      ["NSE:INFY", ["NSE:INFY-EQ (gone)", "NSE:INFYTECH"], "check the spelling"],
      ["NSE:INFY", ["NSE:INFY (gone)", "NSE:INFY-EQ"], "is delisted"],
      ["NSE:M&M", [], "check the spelling"],
    ] as const,
  )("%s among %j: %s", ([symbol, listings, message]) =>
    Effect.gen(function* () {
      const text = yield* why(symbol, listings);
      expect(text).toContain(message);
      expect(text.startsWith(symbol)).toBe(true);
    }));
});
