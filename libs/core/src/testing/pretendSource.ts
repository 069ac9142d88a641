import { Effect, Stream } from "effect";
import type { CandleBatch } from "../Candle.ts";
import type { Instrument, InstrumentBatch } from "../Instrument.ts";
import type { SourceServices } from "../Plugin.ts";
import type { PluginError } from "../PluginError.ts";
import type { Rejection } from "../Rejection.ts";
import type { CandleRequest, SourceInfo } from "../Source.ts";

/** A source without limits whose market lies in India, for tests. */
export const pretendInfo: SourceInfo = {
  id: "pretend",
  name: "Pretend Exchange",
  timeZone: "Asia/Kolkata",
  tokenType: "int64",
  exchanges: ["NSE", "BSE", "NFO"],
  dump: { holds: "exchange", readyAt: "08:30" },
  limits: { instruments: [], candles: [] },
  coolDown: 10_000,
  daysPerRequest: { minute: 60, "60minute": 400, day: 2_000 },
  earliest: { minute: "2015-01-01", "60minute": "2015-01-01" },
  adjustedFor: ["split", "bonus"],
  hosts: ["127.0.0.1:1"],
};

export type PretendRequest =
  | { readonly kind: "authenticate" }
  | { readonly kind: "instruments"; readonly exchange: string | undefined }
  | { readonly kind: "candles"; readonly request: CandleRequest };

/** A dump in pieces; the error, where there is one, comes after them. */
export interface PretendDump {
  readonly batches: ReadonlyArray<InstrumentBatch>;
  readonly error?: PluginError;
}

export interface PretendMarket {
  readonly info?: Partial<SourceInfo>;
  readonly authenticate?: Effect.Effect<void, PluginError>;
  readonly dump?: (exchange: string | undefined) => PretendDump;
  readonly candles?: (request: CandleRequest) => Effect.Effect<CandleBatch, PluginError>;
}

/** A source whose answers a test decides, and a log of the requests it got. For tests of DAGs. */
export const pretendSource = (
  market: PretendMarket,
): { readonly services: SourceServices; readonly requests: ReadonlyArray<PretendRequest> } => {
  const requests: Array<PretendRequest> = [];
  const log = (request: PretendRequest) => Effect.sync(() => void requests.push(request));
  return {
    requests,
    services: {
      session: {
        info: { ...pretendInfo, ...market.info },
        authenticate: Effect.andThen(log({ kind: "authenticate" }), market.authenticate ?? Effect.void),
      },
      instruments: {
        instruments: (exchange) =>
          Stream.unwrap(Effect.map(log({ kind: "instruments", exchange }), () => {
            const dump = market.dump?.(exchange) ?? { batches: [] };
            const batches = Stream.fromIterable(dump.batches);
            return dump.error === undefined ? batches : Stream.concat(batches, Stream.fail(dump.error));
          })),
      },
      candles: {
        candles: (request) =>
          Effect.andThen(
            log({ kind: "candles", request }),
            Effect.suspend(() => market.candles?.(request) ?? Effect.succeed({ candles: [], rejected: [] })),
          ),
      },
    },
  };
};

/** Listings and rejections in batches of `size`. */
export const inBatches = (
  instruments: ReadonlyArray<Instrument>,
  size = 1_000,
  rejected: ReadonlyArray<Rejection> = [],
): ReadonlyArray<InstrumentBatch> => {
  const batches: Array<InstrumentBatch> = [];
  for (let at = 0; at < instruments.length; at += size) {
    batches.push({ instruments: instruments.slice(at, at + size), rejected: [] });
  }
  return rejected.length === 0 ? batches : [...batches, { instruments: [], rejected }];
};
