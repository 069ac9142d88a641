import { gunzipSync, gzipSync } from "node:zlib";
import { type Answer, answer } from "../server/answer.ts";
import type { Desk } from "./desk.ts";

/** What goes over the wire for a request, in order: bytes to write and pauses in milliseconds. */
export interface Delivery {
  /** Undefined where not even a status line is sent. */
  readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly steps: ReadonlyArray<Uint8Array | number>;
  /**
   * `finish` ends the answer well; `close` shuts the connection behind what was written; `reset` tears it down;
   * `hang` leaves it open and silent.
   */
  readonly end: "finish" | "close" | "reset" | "hang";
}

/**
 * One way for a request to go wrong: a name for the log, and what becomes of the answer that was due. A new fault
 * is a new function from an answer to a delivery; nothing else has to know of it. It answers undefined where it
 * finds nothing to work on: then the answer goes out as it was due, and the log names no fault.
 */
export interface Fault {
  readonly name: string;
  readonly deliver: (due: Answer, desk: Desk) => Delivery | undefined;
}

/** The delivery of an answer when nothing goes wrong. */
export const whole = ({ status, headers, body }: Answer): Delivery => ({
  head: { status, headers: { ...headers, "content-length": String(body.length) } },
  steps: [body],
  end: "finish",
});

const share = (body: Uint8Array, kept: number): Uint8Array =>
  body.subarray(0, Math.floor(body.length * kept));

/** Another answer in place of the one that was due. */
export const respond = (
  status: number,
  body: string | Uint8Array,
  contentType = "application/json",
  headers: Readonly<Record<string, string>> = {},
): Fault => ({
  name: `respond ${status}`,
  deliver: () => {
    const instead = answer(status, contentType, body);
    return whole({ ...instead, headers: { ...instead.headers, ...headers } });
  },
});

/** A page for people with status 200, as proxies and maintenance windows send it. */
export const html: Fault = {
  ...respond(200, "<!doctype html><html><body><h1>Under maintenance</h1></body></html>", "text/html"),
  name: "html with 200",
};

/** Well-formed HTTP around a gzip stream that stops after a share of its bytes. What was not gzip becomes it. */
export const cutGzip = (kept: number): Fault => ({
  name: "cut gzip",
  deliver: ({ status, headers, body }) => {
    const compressed = headers["content-encoding"] === "gzip" ? body : gzipSync(body);
    return whole({
      status,
      headers: { ...headers, "content-encoding": "gzip" },
      body: share(compressed, kept),
    });
  },
});

/** Well-formed HTTP and gzip around content that stops early: nothing below the content can notice. */
export const cutContent = (kept: number): Fault => ({
  name: "cut content",
  deliver: ({ status, headers, body }) =>
    whole({
      status,
      headers,
      body: headers["content-encoding"] === "gzip"
        ? gzipSync(share(gunzipSync(body), kept))
        : share(body, kept),
    }),
});

/** The connection is closed after a share of the announced body. */
export const cutBody = (kept: number): Fault => ({
  name: "cut body",
  deliver: (due) => ({ head: whole(due).head, steps: [share(due.body, kept)], end: "close" }),
});

/** The connection is torn down without an answer. */
export const reset: Fault = { name: "reset", deliver: () => ({ head: undefined, steps: [], end: "reset" }) };

/** The request is taken and never answered. */
export const hang: Fault = { name: "hang", deliver: () => ({ head: undefined, steps: [], end: "hang" }) };

/** The request is taken, and after so many milliseconds of silence the connection is closed. */
export const hangFor = (millis: number): Fault => ({
  name: "hang",
  deliver: () => ({ head: undefined, steps: [millis], end: "close" }),
});

/** The due answer, after a pause. */
export const slow = (millis: number): Fault => ({
  name: "slow",
  deliver: (due) => {
    const delivery = whole(due);
    return { ...delivery, steps: [millis, ...delivery.steps] };
  },
});

/** The due answer in pieces with a pause before each. */
export const drip = (pieces: number, millis: number): Fault => ({
  name: "drip",
  deliver: (due) => {
    const size = Math.max(1, Math.ceil(due.body.length / pieces));
    const steps = Array.from(
      { length: Math.ceil(due.body.length / size) },
      (_, i) => [millis, due.body.subarray(i * size, (i + 1) * size)],
    );
    return { head: whole(due).head, steps: steps.flat(), end: "finish" };
  },
});
