import { type Answer, answer, refusal, tooManyRequests } from "../api/answer.ts";
import * as Faults from "../fault.ts";
import type { Chosen } from "./decision.ts";
import {
  duplicated,
  empty,
  type Falsify,
  malformedJson,
  outOfOrder,
  outOfRange,
  shortRow,
  wrongInstrument,
} from "./false-answers.ts";

type Rule = Chosen["rule"];

const instead = (falsify: Falsify): Faults.Fault["deliver"] => (due, desk) => {
  const answer = falsify(due, desk);
  return answer === undefined ? undefined : Faults.whole(answer);
};

/** The vendor's error types and words, and a proxy's title, by status. */
const UNAVAILABLE = {
  500: { type: "GeneralException", message: "Something went wrong", title: "Internal Server Error" },
  502: { type: "DataException", message: "Error fetching data", title: "Bad Gateway" },
  503: { type: "NetworkException", message: "Service unavailable", title: "Service Unavailable" },
  504: { type: "NetworkException", message: "Gateway timed out", title: "Gateway Time-out" },
} as const;

const unavailable = ({ status = 503, body = "json" }: Extract<Rule, { fault: "unavailable" }>): Answer => {
  const { type, message, title } = UNAVAILABLE[status];
  return body === "json" ? refusal(status, type, message) : answer(
    status,
    "text/html",
    `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><center><h1>${status} ${title}</h1>` +
      `</center></body>\r\n</html>\r\n`,
  );
};

const HALF = 0.5;

const deliverOf = (rule: Rule): Faults.Fault["deliver"] => {
  switch (rule.fault) {
    case "rate-limit":
      return () => Faults.whole(tooManyRequests(rule.retryAfter));
    case "unavailable":
      return () => Faults.whole(unavailable(rule));
    case "html":
      return Faults.html.deliver;
    case "malformed-json":
      return instead(malformedJson);
    case "cut-gzip":
      return Faults.cutGzip(rule.keep ?? HALF).deliver;
    case "cut-content":
      return Faults.cutContent(rule.keep ?? HALF).deliver;
    case "cut-body":
      return Faults.cutBody(rule.keep ?? HALF).deliver;
    case "reset":
      return Faults.reset.deliver;
    case "hang":
      return rule.seconds === undefined
        ? Faults.hang.deliver
        : Faults.hangFor(Math.round(rule.seconds * 1000)).deliver;
    case "drip":
      return Faults.drip(rule.pieces ?? 8, rule.milliseconds ?? 50).deliver;
    case "slow":
      return Faults.slow(rule.milliseconds ?? 1000).deliver;
    case "token-death":
      // The session has ended before the request was looked at: what is due is the refusal.
      return Faults.whole;
    case "wrong-instrument":
      return instead(wrongInstrument);
    case "out-of-range":
      return instead(outOfRange(rule.side));
    case "out-of-order":
      return instead(outOfOrder);
    case "duplicated":
      return instead(duplicated);
    case "empty":
      return instead(empty);
    case "short-row":
      return instead(shortRow);
  }
};

/** The fault a rule spells out, under the name of its kind. */
export const faultOf = (rule: Rule): Faults.Fault => ({ name: rule.fault, deliver: deliverOf(rule) });
