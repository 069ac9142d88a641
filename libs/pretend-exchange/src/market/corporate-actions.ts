import { tradingDayFrom } from "../calendar/sessions.ts";
import { between, hash, pick, substream, type Word } from "../random.ts";
import { type Day, dayOf } from "../time.ts";

/** A split or a bonus: on `exDay` one share becomes `ratio` shares, 1.5 for a bonus of one for two. */
export interface CorporateAction {
  readonly exDay: Day;
  readonly ratio: number;
}

const LAST_EX_DAY = dayOf(2036, 1, 1);
const YEARS_BETWEEN = 700;

/** Up to `most` splits and bonuses of a company in the years after its listing, oldest first. */
export const corporateActionsOf = (seed: Word, listed: Day, most: number): ReadonlyArray<CorporateAction> => {
  const stream = substream(seed, "corporate actions");
  const count = between(hash(stream, 0), 0, most);
  const earliest = listed + YEARS_BETWEEN;
  if (earliest >= LAST_EX_DAY) return [];
  const days = Array.from(
    { length: count },
    (_, i) => tradingDayFrom(between(hash(stream, 1 + i), earliest, LAST_EX_DAY)),
  ).sort((a, b) => a - b);
  return days
    .filter((day, i) => i === 0 || day - (days[i - 1] ?? 0) > YEARS_BETWEEN)
    .map((exDay, i) => ({
      exDay,
      ratio: pick(hash(stream, 100 + i), i === 0 ? [2, 5, 10, 1.5, 2] : [2, 1.5]),
    }));
};

/** Shares at the end of `until` for one share held at the end of `day`: ratios with day < exDay <= until. */
export const sharesSince = (actions: ReadonlyArray<CorporateAction>, day: Day, until: Day): number => {
  let shares = 1;
  for (const { exDay, ratio } of actions) {
    if (exDay > day && exDay <= until) shares *= ratio;
  }
  return shares;
};
