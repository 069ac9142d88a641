import type { Answer } from "../api/answer.ts";
import type { Exchange } from "../api/exchange.ts";
import { type HistoricalQuery, parseHistoricalQuery } from "../api/historical-query.ts";
import type { SandboxRequest } from "../api/request.ts";
import type { LocalSeconds } from "../time.ts";
import type { ActiveEvent } from "./decision.ts";
import { restated } from "./market-events.ts";

/** Where a fault can ask for what else the exchange would have answered. */
export interface Desk {
  /** What the request asks for, where that is candles and makes sense. */
  readonly query: HistoricalQuery | undefined;
  /** Candles as the exchange has them at this moment, market events included. Bounds may be any. */
  readonly candles: (query: HistoricalQuery) => Answer;
  /** Tokens of other instruments that may have candles, nearest first. */
  readonly others: (token: number) => Iterable<number>;
}

/** The desk for one request, with the market events that are in force for it. */
export const deskOf = (
  exchange: Exchange,
  { route, parts, query: text }: SandboxRequest,
  events: ReadonlyArray<ActiveEvent>,
  now: LocalSeconds,
): Desk => {
  const parsed = route === "historical"
    ? parseHistoricalQuery(parts[0] ?? "", parts[1] ?? "", new URLSearchParams(text))
    : undefined;
  const query = parsed === undefined || "status" in parsed ? undefined : parsed;
  return {
    query,
    candles: (asked) => {
      const due = exchange.candles(asked, now);
      return asked.instrumentToken === query?.instrumentToken ? restated(due, events).answer : due;
    },
    others: (token) => exchange.others(token, now),
  };
};
