import { type Answer, answer } from "../server/answer.ts";
import type { Rewrite, Wording } from "../vendor.ts";
import type { Chosen } from "./decision.ts";
import { duplicated, empty, type Falsify, outOfOrder, outOfRange, wrongInstrument } from "./false-answers.ts";
import * as Faults from "./fault.ts";

type Rule = Chosen["rule"];

const instead = (falsify: Falsify): Faults.Fault["deliver"] => (due, desk) => {
  const answer = falsify(due, desk);
  return answer === undefined ? undefined : Faults.whole(answer);
};

/** Words of the vendor's own in place of the answer. */
const inWords = (rewrite: (wording: Wording) => Rewrite): Faults.Fault["deliver"] =>
  instead((due, { wording }) => rewrite(wording)(due));

/** The title of a proxy's page by status. */
const TITLES = {
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Time-out",
} as const;

const page = (status: keyof typeof TITLES): Answer =>
  answer(
    status,
    "text/html",
    `<html>\r\n<head><title>${status} ${TITLES[status]}</title></head>\r\n<body><center><h1>${status} ` +
      `${TITLES[status]}</h1></center></body>\r\n</html>\r\n`,
  );

const HALF = 0.5;

const deliverOf = (rule: Rule): Faults.Fault["deliver"] => {
  switch (rule.fault) {
    case "rate-limit":
      return inWords(({ tooManyRequests }) => () => tooManyRequests(rule.retryAfter));
    case "unavailable":
      return inWords(({ unavailable }) => () => {
        const { status = 503, body = "json" } = rule;
        return body === "json" ? unavailable(status) : page(status);
      });
    case "html":
      return Faults.html.deliver;
    case "malformed-json":
      return inWords(({ malformedJson }) => malformedJson);
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
      return inWords(({ shortRow }) => shortRow);
  }
};

/** The fault a rule spells out, under the name of its kind. */
export const faultOf = (rule: Rule): Faults.Fault => ({ name: rule.fault, deliver: deliverOf(rule) });
