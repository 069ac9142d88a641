import { addDays, type Day } from "../MarketTime.ts";
import { BUILT_IN } from "./BuiltIn.ts";
import type { CalendarFile, Placed, Special } from "./CalendarFile.ts";
import { WEEK } from "./CalendarFile.ts";
import { weekdayOf } from "./Make.ts";
import type { Description } from "./Resolve.ts";

/** Exchanges publish a year's closed days in its last weeks: from then on they are missed. */
const NEAR_DAYS = 60;

const isSameSession = (left: Special | undefined, right: Special | undefined): boolean =>
  left?.periods?.join() === right?.periods?.join();

/** The name of a closed day of which no more is known. */
const NAMELESS = "holiday";

/** What a user's file says that the files below it say already; a name where there was none is news. */
const repeated = (below: ReadonlyArray<Placed>, { where, file }: Placed): ReadonlyArray<string> => {
  const kinds = ["closed", "open", "special"] as const;
  return kinds.flatMap((kind) =>
    Object.keys(file[kind] ?? {}).flatMap((day) => {
      const last = below.findLast((one) => kinds.some((other) => one.file[other]?.[day] !== undefined));
      if (last === undefined || last.file[kind]?.[day] === undefined) return [];
      const isSame = kind === "special"
        ? isSameSession(file.special?.[day], last.file.special?.[day])
        : last.file[kind][day] !== NAMELESS || file[kind]?.[day] === NAMELESS;
      return isSame ? [`${where}: ${kind}.${day} repeats what is known (${last.where}); leave it out`] : [];
    })
  );
};

/** Entries of a user's file that change nothing, or not what they seem to. */
const idle = (
  { where, file }: { readonly where: string; readonly file: CalendarFile },
  { from, to, weekend }: Description,
  isClosedBelow: (day: Day) => boolean,
): ReadonlyArray<string> => {
  const isWeekend = (day: Day) => weekend.includes(WEEK[weekdayOf(day)]!);
  const onWeekend = Object.entries(file.closed ?? {})
    .filter(([day]) => isWeekend(day))
    .map(([day, name]) => `${where}: closed.${day} (${name}) is a ${WEEK[weekdayOf(day)]}, closed anyway`);
  const open = Object.keys(file.open ?? {})
    .filter((day) => !isWeekend(day) && !isClosedBelow(day))
    .map((day) => `${where}: open.${day} is an ordinary trading day; leave it out`);
  const outside = Object.keys(file.closed ?? {}).filter((day) => day < from || day > to);
  const unclaimed = outside.length === 0 ? [] : [
    `${where}: closed.${outside[0]}${outside.length > 1 ? ` and ${outside.length - 1} more` : ""}: ` +
    `outside ${from} to ${to}; give "${
      outside[0]! > to ? "to" : "from"
    }" once all closed days up to it stand here`,
  ];
  return [...onWeekend, ...open, ...unclaimed];
};

/** Exchanges whose closed days end soon, or have ended, each with those that share its days. */
export const endings = (
  descriptions: ReadonlyMap<string, Description>,
  today: Day,
): ReadonlyArray<string> => {
  const bySpan = new Map<string, Array<string>>();
  const rootOf = (description: Description): string => {
    const followed = description.like === undefined ? undefined : descriptions.get(description.like);
    return followed === undefined || followed.to !== description.to ? description.exchange : rootOf(followed);
  };
  for (const description of descriptions.values()) {
    const root = rootOf(description);
    bySpan.set(root, [...(bySpan.get(root) ?? []), description.exchange]);
  }
  return [...bySpan].flatMap(([root, members]) => {
    const to = descriptions.get(root)!.to;
    if (to > addDays(today, NEAR_DAYS)) return [];
    const others = members.filter((name) => name !== root);
    const who = others.length === 0 ? root : `${root} (and ${others.join(", ")}, which follow it)`;
    const when = to < today ? "which is past" : "which is near";
    return [
      `${who}: closed days are known to ${to}, ${when}; later weekdays are presumed open. ` +
      `Add the next in config/calendars/${root}.json`,
    ];
  });
};

/**
 * Entries of a user's files that are not wrong but worth a look. `descriptions` are those that `resolve` made of
 * `placed`.
 */
export const doubts = (
  placed: ReadonlyArray<Placed>,
  descriptions: ReadonlyMap<string, Description>,
): ReadonlyArray<string> =>
  placed.flatMap((one, index) => {
    const description = descriptions.get(one.file.exchange);
    if (one.where === BUILT_IN || description === undefined) return [];
    // What it stands on: files before it, and those of the exchange it follows.
    const below = [
      ...description.layers.filter(({ file }) => file.exchange !== one.file.exchange),
      ...placed.slice(0, index).filter(({ file }) => file.exchange === one.file.exchange),
    ];
    const isClosedBelow = (day: Day) => below.some(({ file }) => file.closed?.[day] !== undefined);
    return [...repeated(below, one), ...idle(one, description, isClosedBelow)];
  });
