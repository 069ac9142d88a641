import { Result } from "effect";
import { addDays, type Day } from "../MarketTime.ts";
import type { Hours, Placed, Special } from "./CalendarFile.ts";

/** What is known of an exchange, once all files that speak of it are laid on each other. */
export interface Description {
  readonly exchange: string;
  readonly name: string;
  readonly timeZone: string;
  readonly from: Day;
  readonly to: Day;
  /** The exchange it follows. */
  readonly like?: string;
  readonly weekend: ReadonlyArray<string>;
  /** By `from`, oldest first; never empty. */
  readonly hours: ReadonlyArray<Hours>;
  /** A day is in one of the three at most. */
  readonly closed: ReadonlyMap<Day, string>;
  readonly open: ReadonlyMap<Day, string>;
  readonly special: ReadonlyMap<Day, Special>;
  readonly notes: ReadonlyArray<string>;
  /** Those of the exchange it follows first; later ones count more. */
  readonly layers: ReadonlyArray<Placed>;
}

const WEEKEND = ["saturday", "sunday"];

const byFrom = (hours: Iterable<Hours>): ReadonlyArray<Hours> =>
  [...hours].sort((left, right) => left.from < right.from ? -1 : left.from > right.from ? 1 : 0);

/** What the file says of a day takes the place of all that was said of it below. */
const days = ({ file }: Placed, below: Description | undefined) => {
  const closed = new Map(below?.closed);
  const open = new Map(below?.open);
  const special = new Map(below?.special);
  for (const kind of ["closed", "open", "special"] as const) {
    for (const day of Object.keys(file[kind] ?? {})) {
      for (const map of [closed, open, special]) map.delete(day);
    }
  }
  for (const [day, name] of Object.entries(file.closed ?? {})) closed.set(day, name);
  for (const [day, reason] of Object.entries(file.open ?? {})) open.set(day, reason);
  for (const [day, hours] of Object.entries(file.special ?? {})) special.set(day, hours);
  return { closed, open, special };
};

/** A file laid on what is known; `isSame` says that this is of the same exchange, not of the one it follows. */
const lay = (below: Description | undefined, placed: Placed, isSame: boolean): Description => {
  const { file } = placed;
  const given = file.hours ?? [];
  // An exchange with hours of its own takes none from the one whose days it shares.
  const kept = isSame || given.length === 0 ? below?.hours ?? [] : [];
  const like = file.like ?? (isSame ? below?.like : undefined);
  const earliest = (left: Day, right: Day) => left < right ? left : right;
  const latest = (left: Day, right: Day) => left > right ? left : right;
  const from = file.from ?? below?.from ?? "";
  const to = file.to ?? below?.to ?? "";
  return {
    exchange: file.exchange,
    name: file.name ?? (isSame ? below?.name : undefined) ?? file.exchange,
    timeZone: file.timeZone ?? below?.timeZone ?? "",
    from: isSame && below !== undefined ? earliest(from, below.from) : from,
    to: isSame && below !== undefined ? latest(to, below.to) : to,
    ...(like === undefined ? {} : { like }),
    weekend: file.weekend ?? below?.weekend ?? WEEKEND,
    hours: byFrom(new Map([...kept, ...given].map((era) => [era.from, era])).values()),
    ...days(placed, below),
    notes: [...(isSame ? below?.notes ?? [] : []), ...(file.notes ?? [])],
    layers: [...(below?.layers ?? []), placed],
  };
};

/** What a first file about an exchange must say, unless it follows another. */
const lacking = ({ where, file }: Placed): ReadonlyArray<string> => {
  if (file.like !== undefined) return [];
  const missing = (["timeZone", "hours", "from", "to"] as const).filter((key) => file[key] === undefined);
  return missing.map((key) =>
    `${where}: ${key} is missing: nothing is known of ${file.exchange} yet; ` +
    `give timeZone, hours, from and to, or the exchange it is "like"`
  );
};

/** What a further file about an exchange must not say. */
const contradictions = (below: Description, { where, file }: Placed): ReadonlyArray<string> => {
  const problems: Array<string> = [];
  if (file.like !== undefined && file.like !== below.like) {
    problems.push(`${where}: like: ${file.exchange} is known already; leave it out`);
  }
  if (file.timeZone !== undefined && file.timeZone !== below.timeZone) {
    problems.push(`${where}: timeZone: that of ${file.exchange} is ${below.timeZone}; leave it out`);
  }
  const next = addDays(below.to, 1);
  if (file.from !== undefined && file.from > next) {
    problems.push(
      `${where}: from: nothing is known of the days ${next} to ${addDays(file.from, -1)} before it; ` +
        `add what is closed then and begin at ${next}`,
    );
  }
  return problems;
};

/**
 * Lays files on each other, in their order, and exchanges on those they follow: a holiday added to one is one of
 * all that are like it.
 */
export const resolve = (
  placed: ReadonlyArray<Placed>,
): Result.Result<ReadonlyMap<string, Description>, ReadonlyArray<string>> => {
  const files = new Map<string, Array<Placed>>();
  for (const one of placed) {
    files.set(one.file.exchange, [...(files.get(one.file.exchange) ?? []), one]);
  }
  const known = [...files.keys()].sort();
  const done = new Map<string, Description | undefined>();
  const problems: Array<string> = [];

  const describe = (exchange: string, path: ReadonlyArray<string>): Description | undefined => {
    if (done.has(exchange)) return done.get(exchange);
    const [first, ...further] = files.get(exchange)!;
    const result = describeFirst(first!, path);
    const full = further.reduce<Description | undefined>((below, one) => {
      if (below === undefined) return undefined;
      problems.push(...contradictions(below, one));
      return lay(below, one, true);
    }, result);
    done.set(exchange, full);
    return full;
  };

  const describeFirst = (first: Placed, path: ReadonlyArray<string>): Description | undefined => {
    const { where, file } = first;
    const lacks = lacking(first);
    problems.push(...lacks);
    if (lacks.length > 0) return undefined;
    if (file.like === undefined) return lay(undefined, first, false);
    const circle = [...path, file.exchange];
    if (circle.includes(file.like)) {
      const round = [...circle.slice(circle.indexOf(file.like)), file.like];
      problems.push(`${where}: like: ${round.join(" is like ")}; one of them must say its own days`);
      return undefined;
    }
    if (!files.has(file.like)) {
      const others = known.filter((name) => name !== file.exchange);
      problems.push(
        `${where}: like: there is no calendar of ${file.like}; there is ${others.join(", ") || "none"}`,
      );
      return undefined;
    }
    const followed = describe(file.like, circle);
    return followed === undefined ? undefined : lay(followed, first, false);
  };

  const all = known.flatMap((exchange) => describe(exchange, []) ?? []);
  return problems.length > 0
    ? Result.fail(problems)
    : Result.succeed(new Map(all.map((description) => [description.exchange, description])));
};
