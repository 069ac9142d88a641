import { type Interval, INTERVALS, isInterval } from "../interval.ts";
import { DAY_SECONDS, type LocalSeconds, parseDay } from "../time.ts";
import { type Answer, badInput } from "./answer.ts";

/** A request for candles whose parameters make sense. */
export interface HistoricalQuery {
  readonly instrumentToken: number;
  readonly interval: Interval;
  /** Inclusive bounds, IST. */
  readonly from: LocalSeconds;
  readonly to: LocalSeconds;
  readonly continuous: boolean;
  readonly oi: boolean;
}

/** `yyyy-mm-dd hh:mm:ss`, or `yyyy-mm-dd`, which stands for that day's beginning or, as an upper bound, its end. */
const parseBound = (text: string | null, secondsOfDateAlone: number): LocalSeconds | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2})(?: ([01]\d|2[0-3]):([0-5]\d):([0-5]\d))?$/.exec(text ?? "");
  const day = match === null ? undefined : parseDay(match[1] ?? "");
  if (match === null || day === undefined) return undefined;
  const seconds = match[2] === undefined
    ? secondsOfDateAlone
    : Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
  return day * DAY_SECONDS + seconds;
};

const flag = (text: string | null): boolean => text === "1";

/** Reads and checks the parameters of a historical request; what the vendor would refuse is an answer. */
export const parseHistoricalQuery = (
  token: string,
  interval: string,
  parameters: URLSearchParams,
): HistoricalQuery | Answer => {
  if (!/^\d{1,10}$/.test(token)) return badInput("invalid token");
  if (!isInterval(interval)) return badInput("invalid interval");
  const from = parseBound(parameters.get("from"), 0);
  if (from === undefined) return badInput("invalid from date");
  const to = parseBound(parameters.get("to"), DAY_SECONDS - 1);
  if (to === undefined) return badInput("invalid to date");
  if (from > to) return badInput("from date cannot be after to date");
  const { daysPerRequest } = INTERVALS[interval];
  if (to - from > daysPerRequest * DAY_SECONDS) {
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
