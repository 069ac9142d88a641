import {
  type Answer,
  type CandleQuery,
  Intervals,
  type LocalSeconds,
  Time,
} from "@candlewick/pretend-exchange";
import { badInput } from "./answer.ts";
import { DAYS_PER_REQUEST } from "./days-per-request.ts";

/** `yyyy-mm-dd hh:mm:ss`, or `yyyy-mm-dd`, which stands for that day's beginning or, as an upper bound, its end. */
const parseBound = (text: string | null, secondsOfDateAlone: number): LocalSeconds | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2})(?: ([01]\d|2[0-3]):([0-5]\d):([0-5]\d))?$/.exec(text ?? "");
  const day = match === null ? undefined : Time.parseDay(match[1] ?? "");
  if (match === null || day === undefined) return undefined;
  const seconds = match[2] === undefined
    ? secondsOfDateAlone
    : Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
  return day * Time.DAY_SECONDS + seconds;
};

const flag = (text: string | null): boolean => text === "1";

/** Reads and checks the parameters of a historical request; what the vendor would refuse is an answer. */
export const parseHistoricalQuery = (
  token: string,
  interval: string,
  parameters: URLSearchParams,
): CandleQuery | Answer => {
  if (!/^\d{1,10}$/.test(token)) return badInput("invalid token");
  if (!Intervals.isInterval(interval)) return badInput("invalid interval");
  const from = parseBound(parameters.get("from"), 0);
  if (from === undefined) return badInput("invalid from date");
  const to = parseBound(parameters.get("to"), Time.DAY_SECONDS - 1);
  if (to === undefined) return badInput("invalid to date");
  if (from > to) return badInput("from date cannot be after to date");
  const daysPerRequest = DAYS_PER_REQUEST[interval];
  if (to - from > daysPerRequest * Time.DAY_SECONDS) {
    return badInput(`interval exceeds max limit: ${daysPerRequest} days`);
  }
  return {
    instrumentToken: Number(token),
    interval,
    from,
    to,
    continuous: flag(parameters.get("continuous")),
    oi: flag(parameters.get("oi")),
  };
};
