import { type Answer, type CandleQuery, type LocalSeconds, Time } from "@candlewick/pretend-exchange";
import { badInput, refusal } from "./answer.ts";
import { intervalNamed } from "./intervals.ts";

/** `yyyy-MM-dd HH:mm`, IST. */
const parseBound = (text: string | null): LocalSeconds | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? "");
  const day = Time.parseDay(match?.[1] ?? "");
  return match === null || day === undefined
    ? undefined
    : day * Time.DAY_SECONDS + Number(match[2]) * 3600 + Number(match[3]) * 60;
};

/**
 * Reads and checks the parameters of a request for candles; what the vendor would refuse is an answer.
 *
 * @param tokenOf the exchange's number of `NSE:1594`
 */
export const parseCandleQuery = (
  parameters: URLSearchParams,
  tokenOf: (key: string) => number | undefined,
): CandleQuery | Answer => {
  const named = intervalNamed(parameters.get("interval") ?? "");
  if (named === undefined) return badInput("Invalid interval");
  const from = parseBound(parameters.get("fromdate"));
  if (from === undefined) return badInput("Invalid fromdate");
  const to = parseBound(parameters.get("todate"));
  if (to === undefined) return badInput("Invalid todate");
  if (from > to) return badInput("fromdate is after todate");
  if (to - from > named.days * Time.DAY_SECONDS) {
    return badInput(`Range exceeds ${named.days} days`);
  }
  const instrumentToken = tokenOf(`${parameters.get("exchange")}:${parameters.get("symboltoken")}`);
  if (instrumentToken === undefined) return refusal("AB1009", "Symbol Not Found");
  return { instrumentToken, interval: named.interval, from, to, continuous: false, oi: false };
};
