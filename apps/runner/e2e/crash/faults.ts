import type { Draw } from "./draw.ts";
import type { Chooser, Faults } from "./parts.ts";

const refusal = (type: string, message: string) =>
  JSON.stringify({ status: "error", message, data: null, error_type: type });

/** A share of requests goes wrong, in one of many ways that pass. */
export const passingFaults = (draw: Draw, share: number) => (faults: Faults): Chooser => {
  const { cutBody, cutContent, cutGzip, drip, hang, html, reset, respond, slow } = faults;
  const json = "application/json";
  const tooMany = refusal("NetworkException", "Too many requests");
  const ways = [
    () => respond(429, tooMany, json, { "retry-after": "1" }),
    () => respond(429, tooMany, json, { "retry-after": "1" }),
    () => respond(500, refusal("GeneralException", "Something went wrong")),
    () => respond(502, refusal("DataException", "The backend did not answer")),
    () => respond(503, "<html>busy</html>", "text/html"),
    () => html,
    () => cutGzip(draw.next()),
    () => cutContent(draw.next()),
    () => cutBody(draw.next()),
    () => reset,
    () => hang,
    () => slow(draw.whole(50, 500)),
    () => drip(draw.whole(2, 20), 20),
  ];
  // A 429 without Retry-After costs the vendor's whole cool-down of 10 s.
  const rare = () => respond(429, tooMany);
  return () => draw.chance(share) ? (draw.chance(0.03) ? rare() : draw.pick(ways)()) : undefined;
};
