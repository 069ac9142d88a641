import { type Interval, Listing, Text } from "@candlewick/core";
import type { Assessment, Market } from "./assess.ts";
import type { Changes } from "./changes.ts";
import { isComplete, missingOf } from "./details.ts";

export interface Noted {
  readonly assessments: ReadonlyArray<Assessment>;
  readonly markets: ReadonlyMap<string, Market>;
  readonly changes: Changes;
  readonly interval: Interval.Interval;
  /** The last day looked at. */
  readonly to: string;
  /** The first day that the user named. */
  readonly from: string | undefined;
}

const symbolOf = ({ subject }: Assessment): string => Listing.symbolOf(subject.listing);

/** What to do about what is missing. */
const remedies = ({ assessments, interval }: Noted): ReadonlyArray<string> => {
  const reasons = new Set(assessments.flatMap(missingOf).map(({ reason }) => reason));
  const run = `--dag=historic${interval === "day" ? "" : ` --interval=${interval}`}`;
  return [
    ...(reasons.has("never asked") || reasons.has("failed")
      ? [`What was never asked for or failed is fetched by ${run}`]
      : []),
    ...(reasons.has("answered empty") || reasons.has("rejected")
      ? [`What was answered empty or rejected is asked for again by ${run} --heal`]
      : []),
  ];
};

/** Exchanges of which nothing, or not all, is known. */
const calendars = ({ assessments, from, markets, to }: Noted): ReadonlyArray<string> =>
  [...markets].flatMap(([exchange, { calendar }]) => {
    const file = `config/calendars/${exchange}.json`;
    if (calendar === undefined) {
      const own = assessments.filter(({ subject }) => subject.listing.exchange === exchange).length;
      return [
        `No calendar of ${exchange} is known, so of ${
          Text.count(own, "instrument")
        } only what was never asked for or failed can be told; ${file} can say when it trades`,
      ];
    }
    const beyond = [
      ...(from !== undefined && from < calendar.from ? [`before ${calendar.from}`] : []),
      ...(to > calendar.to ? [`after ${calendar.to}`] : []),
    ];
    return beyond.length === 0 ? [] : [
      `The calendar of ${exchange} knows no days ${
        beyond.join(" or ")
      }: of those only what was never asked for or failed can be told; ${file} can say more`,
    ];
  });

const unexpected = ({ assessments }: Noted): ReadonlyArray<string> => {
  const days = new Set(
    assessments.flatMap((one) => one.unexpected.map((day) => `${one.subject.listing.exchange} ${day}`)),
  );
  return days.size === 0 ? [] : [
    `Candles on ${Text.count(days.size, "day")} that the calendar calls closed, kept: ${
      Text.named([...days].sort())
    }; config/calendars can say that these are sessions`,
  ];
};

const changed = ({ assessments, changes }: Noted): ReadonlyArray<string> => {
  const tell = (
    counts: ReadonlyMap<number, number>,
    what: (sum: number) => string,
  ): ReadonlyArray<string> => {
    const own = assessments.flatMap((one) => {
      const times = counts.get(one.subject.listing.instrument_id);
      return times === undefined ? [] : [{ symbol: symbolOf(one), times }];
    });
    const sum = own.reduce((total, { times }) => total + times, 0);
    return sum === 0
      ? []
      : [`${what(sum)}: ${Text.named(own.map(({ symbol, times }) => `${symbol} (${times})`))}`];
  };
  return [
    ...tell(
      changes.revisions,
      (sum) => `${Text.count(sum, "final candle")} corrected by the vendor, old and new in candle_revisions`,
    ),
    ...tell(
      changes.restatements,
      (sum) => `${Text.count(sum, "time")} a series was fetched afresh and replaced, see restatements`,
    ),
  ];
};

/** A fetch that failed though nothing is missing: a restated history that could not be replaced yet. */
const failedAnyway = ({ assessments }: Noted): ReadonlyArray<string> => {
  const own = assessments.filter((one) => one.subject.failure !== undefined && isComplete(one));
  return own.length === 0 ? [] : [
    `The last fetch of ${Text.count(own.length, "complete instrument")} failed, see candle_failures: ${
      Text.named(own.map((one) => `${symbolOf(one)} (${one.subject.failure!.message})`))
    }`,
  ];
};

/** What a user should know beside the tables. */
export const notesOf = (noted: Noted): ReadonlyArray<string> => [
  ...remedies(noted),
  ...failedAnyway(noted),
  ...unexpected(noted),
  ...changed(noted),
  ...calendars(noted),
];
