import type { Rewrite, Wording } from "@candlewick/pretend-exchange";
import { gunzipSync, gzipSync } from "node:zlib";
import { refusal, tooManyRequests } from "./api/answer.ts";

/** The vendor's error types and words by status. */
const UNAVAILABLE = {
  500: ["GeneralException", "Something went wrong"],
  502: ["DataException", "Error fetching data"],
  503: ["NetworkException", "Service unavailable"],
  504: ["NetworkException", "Gateway timed out"],
} as const;

/** A line in the middle of an instruments dump lacks its last field. */
const shortRow: Rewrite = (due) => {
  if (due.status !== 200 || due.headers["content-type"] !== "text/csv") return undefined;
  const isGzipped = due.headers["content-encoding"] === "gzip";
  const lines = new TextDecoder().decode(isGzipped ? gunzipSync(due.body) : due.body).split("\n");
  const middle = Math.floor(lines.length / 2);
  const line = lines[middle] ?? "";
  if (middle === 0 || !line.includes(",")) return undefined;
  const text = new TextEncoder().encode(
    lines.with(middle, line.slice(0, line.lastIndexOf(",")) + (line.endsWith("\r") ? "\r" : "")).join("\n"),
  );
  return { ...due, body: isGzipped ? gzipSync(text) : text };
};

/** Kite's JSON without the colon behind `data`; an instruments dump becomes such JSON. */
const malformedJson: Rewrite = (due) => {
  const isJson = due.headers["content-type"] === "application/json";
  const text = isJson ? new TextDecoder().decode(due.body) : '{"status":"success","data":{}}';
  return {
    status: due.status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(text.replace('"data":', '"data"')),
  };
};

/** Kite's words. */
export const wording: Wording = {
  candles: { head: '{"status":"success","data":{"candles":[', tail: "]}}", offset: "+0530" },
  tooManyRequests,
  unavailable: (status) => {
    const [type, message] = UNAVAILABLE[status];
    return refusal(status, type, message);
  },
  broken: (cause) => refusal(500, "GeneralException", cause),
  malformedJson,
  shortRow,
};
