import { Listing, RunEvent } from "@candlewick/core";
import { Effect } from "effect";

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
    onRequest: (listing: Listing.Listing, rejectedNow: number): Effect.Effect<void> =>
      Effect.suspend(() => {
        done++;
        rejected += rejectedNow;
        return show(0, Listing.symbolOf(listing));
      }),
  };
};
