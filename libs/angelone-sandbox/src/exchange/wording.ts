import { type Answer, answer, type Rewrite, type Wording } from "@candlewick/pretend-exchange";
import { gunzipSync, gzipSync } from "node:zlib";
import { refusal, tooManyRequests } from "../api/answer.ts";

const HEAD = '{"status":true,"message":"SUCCESS","errorcode":"","data":';

/** Rewrites the text of a good answer in JSON, compressed or not. */
const rewritten = (change: (text: string) => string | undefined): Rewrite => (due) => {
  if (due.status !== 200 || due.headers["content-type"] !== "application/json") return undefined;
  const isGzipped = due.headers["content-encoding"] === "gzip";
  const text = change(new TextDecoder().decode(isGzipped ? gunzipSync(due.body) : due.body));
  if (text === undefined) return undefined;
  const body = new TextEncoder().encode(text);
  return { ...due, body: isGzipped ? gzipSync(body) : body };
};

/** A row in the middle of the scrip master lacks its tick size. */
const shortRow = rewritten((text) => {
  if (!text.startsWith("[")) return undefined;
  const end = text.indexOf("}", Math.floor(text.length / 2));
  const comma = text.lastIndexOf(",", end);
  return end < 0 || comma < 0 ? undefined : text.slice(0, comma) + text.slice(end);
});

/** JSON without a colon: in the scrip master behind the first `token`, elsewhere behind `data`. */
const malformedJson = rewritten((text) =>
  text.startsWith("[") ? text.replace('"token":', '"token"') : text.replace('"data":', '"data"')
);

/** Angel One's words. */
export const wording: Wording = {
  candles: { head: `${HEAD}[`, tail: "]}", offset: "+05:30", none: `${HEAD}null}` },
  tooManyRequests,
  unavailable: (status) =>
    status === 500
      ? refusal("AB1004", "Something Went Wrong, Please Try After Sometime", 500)
      : answer(status, "application/json", JSON.stringify({ message: "Service unavailable" })),
  broken: (cause) => refusal("AB2001", cause, 500),
  malformedJson,
  shortRow,
};

/**
 * A good answer with candles. Where there are none the vendor answers `null` or an empty list, which of them is not
 * known: the sandbox answers both, by what is asked for.
 */
export const candleAnswer = (body: Uint8Array | string, isEmpty: boolean, asked: number): Answer =>
  answer(200, "application/json", isEmpty && asked % 2 === 0 ? wording.candles.none ?? body : body);
