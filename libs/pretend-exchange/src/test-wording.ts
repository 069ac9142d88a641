import { answer } from "./server/answer.ts";
import type { Wording } from "./vendor.ts";

/** The words of a vendor for tests of what all vendors share. */
export const wording: Wording = {
  candles: { head: '{"status":"success","data":{"candles":[', tail: "]}}", offset: "+0530" },
  tooManyRequests: () => answer(429, "text/plain", "too many requests"),
  unavailable: (status) => answer(status, "text/plain", "unavailable"),
  broken: (cause) => answer(500, "text/plain", cause),
  malformedJson: () => undefined,
  shortRow: () => undefined,
};
