import { Listing, Text } from "@candlewick/core";
import type { Dumps } from "./decision.ts";
import type { Derived } from "./derive.ts";

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, one) => sum + one, 0);

/** `NIFTY (1,204), BANKNIFTY (320)`, the largest first. */
const byCount = (counts: ReadonlyMap<string, number>): string =>
  Text.named(
    [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name, n]) => `${name} (${n})`),
  );

const leftOut = (exchange: string, { expiry, futures: { leftOut, others } }: Derived) => [
  ...(leftOut.byExpiry.size === 0 ? [] : [
    `${
      Text.count(total(leftOut.byExpiry), "future")
    } of ${exchange} left out, for they do not expire on ${expiry}: ${
      Text.named([...leftOut.byExpiry].sort().map(([day, n]) => `${day} (${n})`))
    }`,
  ]),
  ...(leftOut.tests === 0 ? [] : [`${Text.count(leftOut.tests, "test contract")} of ${exchange} left out`]),
  ...(others === 0
    ? []
    : [`${Text.count(others, "future")} of ${exchange} ${others === 1 ? "is" : "are"} not on a stock`]),
];

const undecided = ({ futures, options }: Derived) => [
  ...(futures.undecided.length === 0 ? [] : [
    `Of ${Text.count(futures.undecided.length, "future")} neither the vendor nor a listing tells whether ${
      futures.undecided.length === 1 ? "it is" : "they are"
    } on a stock or an index: ${Text.named(futures.undecided.map(({ future }) => Listing.symbolOf(future)))}`,
  ]),
  ...(options.undecided.size === 0
    ? []
    : [`The same of ${Text.count(total(options.undecided), "option")}: ${byCount(options.undecided)}`]),
];

const notStored = ({ futures, options }: Derived) => [
  ...(options.unmapped.size === 0 ? [] : [
    `${Text.count(total(options.unmapped), "option")} left out, for no future of their stock is mapped: ${
      byCount(options.unmapped)
    }`,
  ]),
  ...(options.rejected.length === 0 ? [] : [
    `${Text.count(options.rejected.length, "option")} rejected: ${
      byCount(
        new Map([...Map.groupBy(options.rejected, ({ reason }) => reason)].map(([reason, some]) =>
          [reason, some.length] as const
        )),
      )
    }`,
  ]),
  ...(options.rejected.length + futures.unmapped.length === 0
    ? []
    : ["Unmapped futures and rejected options stand in the table rejected_records, with the reason"]),
];

/** Gaps of a stock that are named. */
const NAMED_GAPS = 2;

const strikes = ({ distributions }: Derived) => {
  const found = distributions.filter(({ distribution }) => distribution.gaps.length > 0);
  const texts = found.map(({ distribution: { gaps }, of }) => {
    const ranges = gaps.slice(0, NAMED_GAPS).map(({ from, to }) => `${from}-${to}`).join(" ");
    const more = gaps.length - NAMED_GAPS;
    return `${of.underlying} ${ranges}${more > 0 ? ` (${more} more)` : ""}`;
  });
  return texts.length === 0
    ? []
    : [`Strikes with gaps, where one between others is probably left out: ${Text.named(texts)}`];
};

const unusual = ({ futures: { mapped } }: Derived) => {
  const noted = mapped.filter(({ note }) => note !== undefined);
  return noted.length === 0 ? [] : [
    `${Text.count(noted.length, "equity", "equities")} mapped for want of a better: ${
      Text.named(noted.map(({ future, note }) => `${future.tradingsymbol} (${note})`))
    }`,
  ];
};

const doubtful = ({ cashDump, dump }: Dumps) =>
  dump.complete && cashDump.complete ? [] : [
    "The last instrument dump was so small that nothing of it was marked as delisted: some tokens may be gone; " +
    "--dag=instruments says more",
  ];

/** What a user should know beside the tables. */
export const notesOf = (
  exchange: string,
  derived: Derived,
  dumps: Dumps,
): ReadonlyArray<string> => [
  ...unusual(derived),
  ...undecided(derived),
  ...notStored(derived),
  ...strikes(derived),
  ...leftOut(exchange, derived),
  ...doubtful(dumps),
];
