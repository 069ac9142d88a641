import { type Calendar, Text } from "@candlewick/core";
import { wrap } from "../display/Format.ts";
import type { Paint } from "../display/Style.ts";
import { table } from "../display/Summary.ts";
import { explain, sessionCount, type Unusual, unusualDays, weekdayOf } from "./Days.ts";

/** Column at which what is known begins, and width of all of it. */
const INDENT = 13;
const WIDTH = 110;

/** Warnings, below a result. */
export const renderWarnings = (warnings: ReadonlyArray<string>, paint: Paint): ReadonlyArray<string> =>
  warnings.flatMap((warning) =>
    wrap(`Warning: ${warning}`, WIDTH).map((line, index) =>
      index === 0 ? line.replace("Warning:", paint("yellow", "Warning:")) : `         ${line}`
    )
  );

const field = (title: string, texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.flatMap((text) => wrap(text, WIDTH - INDENT)).map((line, index) =>
    `  ${(index === 0 ? title : "").padEnd(INDENT - 2)}${line}`
  );

const hoursLines = ({ hours }: Calendar.Description): ReadonlyArray<string> =>
  hours.map(({ from, open, close, closingAuction, note }) =>
    `from ${from}  ${open}-${close}` +
    (closingAuction === undefined ? "" : ` and auction to ${closingAuction}`) +
    (note === undefined ? "" : ` (${note})`)
  );

const count = ({ closed, open, special }: Calendar.Description): string =>
  [
    Text.count(closed.size, "closed day"),
    Text.count(special.size, "special session"),
    ...(open.size === 0 ? [] : [`${Text.count(open.size, "further day")} of trading`]),
  ].join(", ");

/** What is known of an exchange; of one that follows another, only what is its own. */
const renderOne = (description: Calendar.Description, paint: Paint): ReadonlyArray<string> => {
  const { exchange, name, timeZone, from, to, like, layers, notes } = description;
  const own = layers.filter(({ file }) => like === undefined || file.exchange === exchange);
  return [
    `${paint("bold", exchange)}  ${name}`,
    ...(like === undefined
      ? field("Time zone", [timeZone])
      : field("Days", [`as ${like}${own.length > 1 ? ", but for what the files below say" : ""}`])),
    ...field("Known", [`${from} to ${to}: ${count(description)}`]),
    ...field("Hours", hoursLines(description)),
    ...field("Sources", own.map(({ where, file }) => `${where}, as of ${file.asOf}: ${file.source}`)),
    ...field("Notes", notes),
  ];
};

export const renderOverview = (
  descriptions: ReadonlyArray<Calendar.Description>,
  paint: Paint,
): ReadonlyArray<string> =>
  descriptions.flatMap((description, index) => [
    ...(index === 0 ? [] : [""]),
    ...renderOne(description, paint),
  ]);

/** Exchanges that have the same unusual days in a year stand together. */
const alike = (descriptions: ReadonlyArray<Calendar.Description>, year: number) => {
  const groups = new Map<string, { readonly names: Array<string>; readonly first: Calendar.Description }>();
  for (const description of descriptions) {
    const days = JSON.stringify(unusualDays(description, year));
    const group = groups.get(days);
    if (group === undefined) groups.set(days, { names: [description.exchange], first: description });
    else group.names.push(description.exchange);
  }
  return [...groups.values()];
};

const tradingText = ({ hours }: Unusual): string => hours ?? "closed";

const yearOf = (
  { names, first }: { readonly names: ReadonlyArray<string>; readonly first: Calendar.Description },
  year: number,
  today: string,
  paint: Paint,
): ReadonlyArray<string> => {
  const days = unusualDays(first, year);
  const closed = days.filter(({ kind }) => kind === "closed").length;
  const [header, ...lines] = table(
    ["date", "day", "trading", "what"],
    days.map((one) => [one.day, weekdayOf(one.day), tradingText(one), one.name]),
    paint,
  );
  const past = days.filter(({ day }) => day < today).length;
  const isNow = Number(today.slice(0, 4)) === year;
  const isKnown = `${year}-12-31` <= first.to && `${year}-01-01` >= first.from;
  return [
    `${paint("bold", names.join(", "))}  ${year}: ${Text.count(sessionCount(first, year), "session")}, ` +
    `${Text.count(closed, "closed day")}, ${Text.count(days.length - closed, "unusual session")}` +
    (isKnown ? "" : ` (closed days are known ${first.from} to ${first.to} only)`),
    ...(days.length === 0 ? [] : [
      header!,
      ...lines.slice(0, past).map((line) => paint("dim", line)),
      ...(isNow ? [`${today}  ${weekdayOf(today)}  ${paint("cyan", "today")}`] : []),
      ...lines.slice(past),
    ]),
  ];
};

/** The days of a year that are not ordinary; what is past stands above a line for today. */
export const renderYear = (
  descriptions: ReadonlyArray<Calendar.Description>,
  year: number,
  today: string,
  paint: Paint,
): ReadonlyArray<string> =>
  alike(descriptions, year).flatMap((group, index) => [
    ...(index === 0 ? [] : [""]),
    ...yearOf(group, year, today, paint),
  ]);

/** Whether and when the exchanges trade on a day, and why. */
export const renderDate = (
  descriptions: ReadonlyArray<Calendar.Description>,
  day: string,
  paint: Paint,
): ReadonlyArray<string> => [
  `${paint("bold", day)}  ${weekdayOf(day)}`,
  ...table(
    ["exchange", "trades", "hours", "time zone", "why"],
    descriptions.map((description) => {
      const { exchange, trades, hours, timeZone, why } = explain(description, day);
      return [exchange, trades ? "yes" : "no", hours ?? "-", timeZone, why];
    }),
    paint,
  ),
];
