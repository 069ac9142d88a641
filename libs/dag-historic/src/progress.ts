import { RunEvent } from "@candlewick/core";
import { Effect } from "effect";
import { type Listing, symbolOf } from "./selection.ts";

/** Progress by requests: an instrument can be one request or hundreds. */
export const requestProgress = (total: number) => {
  let done = 0;
  let rejected = 0;
  const show = (failed: number, current?: string) =>
    RunEvent.emit((at) => ({
      _tag: "Progress",
      ...at,
      unit: "requests",
      done,
      total,
      failed,
      rejected,
      ...(current === undefined ? {} : { current }),
    }));
  return {
    begin: show(0),
    onRequest: (listing: Listing, rejectedNow: number): Effect.Effect<void> =>
      Effect.suspend(() => {
        done++;
        rejected += rejectedNow;
        return show(0, symbolOf(listing));
      }),
  };
};
