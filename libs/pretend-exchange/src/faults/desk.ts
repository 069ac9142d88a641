import type { Answer } from "../server/answer.ts";
import type { SandboxRequest } from "../server/request.ts";
import type { LocalSeconds } from "../time.ts";
import type { CandleQuery, Vendor, Wording } from "../vendor.ts";
import type { ActiveEvent } from "./decision.ts";
import { restated } from "./market-events.ts";

/** Where a fault can ask for what else the exchange would have answered. */
export interface Desk {
  /** What the request asks for, where that is candles and makes sense. */
  readonly query: CandleQuery | undefined;
  /** Candles as the exchange has them at this moment, market events included. Bounds may be any. */
  readonly candles: (query: CandleQuery) => Answer;
  /** Tokens of other instruments that may have candles, nearest first. */
  readonly others: (token: number) => Iterable<number>;
  readonly wording: Wording;
}

/** The desk for one request, with the market events that are in force for it. */
export const deskOf = (
  vendor: Vendor,
  request: SandboxRequest,
  events: ReadonlyArray<ActiveEvent>,
  now: LocalSeconds,
): Desk => {
  const { wording } = vendor;
  const query = request.route === "historical" ? vendor.candleQuery(request, now) : undefined;
  return {
    query,
    candles: (asked) => {
      const due = vendor.candles(asked, now);
      return asked.instrumentToken === query?.instrumentToken
        ? restated(due, events, wording.candles).answer
        : due;
    },
    others: (token) => vendor.others(token, now),
    wording,
  };
};
