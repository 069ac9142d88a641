import { RangeSet } from "@candlewick/core";
import type { LoggedRequest } from "./parts.ts";

const DAY = 86_400_000;

/** A request reaches back over stored candles at most this far, to notice history that changed. */
const MAX_OVERLAP = 30 * DAY;

/** The last candle before a missing range may be asked for on its own, where the range fills its requests. */
const ONE_CANDLE = 1_000;

/** A request for candles: of which token, and `[from, to)` in epoch ms. */
export interface CandleRequest extends RangeSet.Range {
  readonly token: string;
}

/** Bounds as Kite takes them: `2025-01-31 09:15:00`, Indian time, inclusive. */
const instant = (text: string | null): number => Date.parse(`${text?.replace(" ", "T")}+05:30`);

export const readRequest = ({ parts, query }: Pick<LoggedRequest, "parts" | "query">): CandleRequest => {
  const parameters = new URLSearchParams(query);
  return {
    token: parts[0] ?? "",
    from: instant(parameters.get("from")),
    to: instant(parameters.get("to")) + 1_000,
  };
};

const shown = ({ token, from, to }: CandleRequest): string =>
  `token ${token} from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;

/**
 * What is wrong with the requests of one program, given what was covered when it started: a range that was
 * committed is not asked for again, but for an overlap; and without faults nothing is asked for twice.
 */
export const requestViolations = (
  requests: ReadonlyArray<CandleRequest>,
  covered: ReadonlyMap<string, RangeSet.RangeSet>,
  hasFaults: boolean,
): ReadonlyArray<string> => {
  const seen = new Set<string>();
  return requests.flatMap((request) => {
    const found: Array<string> = [];
    const before = covered.get(request.token) ?? RangeSet.empty;
    const range = RangeSet.of(request.from, request.to);
    const again = RangeSet.size(RangeSet.intersection(range, before));
    if (again === RangeSet.size(range) && again > ONE_CANDLE) {
      found.push(`asked again for a committed range: ${shown(request)}`);
    } else if (again > MAX_OVERLAP) {
      found.push(`asked again for ${Math.round(again / DAY)} committed days: ${shown(request)}`);
    }
    const name = shown(request);
    if (!hasFaults && seen.has(name)) found.push(`asked twice in one run: ${name}`);
    seen.add(name);
    return found;
  });
};
