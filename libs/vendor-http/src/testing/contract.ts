import type { SeenRequest } from "@candlewick/core/testing";
import { Effect } from "effect";
import { type Reply, type Seen, startServer } from "./loopback.ts";

/** A server on loopback for as long as the scope. */
export const serving = (answer: (request: Seen) => Reply) =>
  Effect.acquireRelease(
    Effect.promise(() => startServer(answer)),
    ({ close }) => Effect.promise(close),
  );

/** Requests as the contract of sources counts them. */
export const linesOf = (seen: ReadonlyArray<Seen>): ReadonlyArray<SeenRequest> =>
  seen.map(({ aborted, method, path }) => ({ line: `${method} ${path}`, aborted }));

/**
 * The scenarios of the contract of sources that are HTTP's own, the same for every vendor.
 *
 * @param withoutTail a good answer of which the end is missing, though its length says nothing of it
 */
export const transportScenarios = (withoutTail: (request: Seen) => Reply) => ({
  unavailable: (): Reply => ({
    status: 503,
    headers: { "content-type": "text/html" },
    body: "<html></html>",
  }),
  hangs: (): Reply => ({ then: "silence" }),
  silent: (): Reply => ({ then: "silence" }),
  stalls: (request: Seen): Reply => ({ ...withoutTail(request), then: "hang" }),
  cutBody: (request: Seen): Reply => ({ ...withoutTail(request), then: "cut" }),
  truncated: withoutTail,
  htmlInsteadOfData: (): Reply => ({
    headers: { "content-type": "text/html" },
    body: "<!DOCTYPE html>\n<html></html>\n",
  }),
});
