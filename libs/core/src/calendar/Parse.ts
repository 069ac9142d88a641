import { DateTime, Option, Result, Schema, SchemaIssue } from "effect";
import { isDay } from "../MarketTime.ts";
import { CalendarFile, Hours, type Placed, Special, WEEK } from "./CalendarFile.ts";

/** Says what is wrong with a part of a file. */
type Report = (key: string, problem: string) => void;

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const EXCHANGE = /^[A-Z][A-Z0-9_]*$/;

/** The two times of `hh:mm-hh:mm`; `undefined` for any other text. */
export const readPeriod = (text: string): readonly [open: string, close: string] | undefined => {
  const [open = "", close = "", ...rest] = text.split("-");
  return TIME.test(open) && TIME.test(close) && rest.length === 0 ? [open, close] : undefined;
};

export const isTimeZone = (name: string): boolean => Option.isSome(DateTime.zoneMakeNamed(name));

/** The keys that may stand at a path. */
const keysAt = (path: ReadonlyArray<PropertyKey>): ReadonlyArray<string> =>
  Object.keys(
    path[0] === "hours" ? Hours.fields : path[0] === "special" ? Special.fields : CalendarFile.fields,
  );

const EXPECTED: Readonly<Record<string, string>> = {
  exchange: 'the code that instruments have, such as "NSE"',
  name: "some text",
  source: 'who says so, such as "NSE circular of 2026-12-10"',
  asOf: 'the day on which the source was consulted, such as "2026-12-10"',
  hours: 'a list such as [{ "from": "2027-01-01", "open": "09:15", "close": "15:30" }]',
  closed: 'days with their names, such as { "2027-01-26": "Republic Day" }',
  open: 'days with the reason, such as { "2027-02-06": "Union Budget" }',
  special: 'days such as { "2027-10-29": { "name": "Muhurat", "periods": ["18:00-19:00"] } }',
  notes: "a list of texts",
  weekend: 'a list of days, such as ["saturday", "sunday"]',
};

const textOfPath = (path: ReadonlyArray<PropertyKey>): string => path.map(String).join(".");

const ofKind = (path: ReadonlyArray<PropertyKey>): string => {
  const [first = "", , third] = path;
  if (first === "closed" || first === "open") {
    return path.length > 1 ? "a name in quotes" : EXPECTED[String(first)]!;
  }
  if (third === "periods") return 'a list such as ["09:15-10:00", "11:30-12:30"]';
  if (path.length > 1 && third !== undefined) return "text in quotes";
  return EXPECTED[String(first)] ?? "text in quotes";
};

/** What the shape of a file lacks, as `key: problem`. */
const shapeProblems = (issue: SchemaIssue.Issue, where: string): ReadonlyArray<string> =>
  SchemaIssue.makeFormatterStandardSchemaV1({
    leafHook: ({ _tag }) => _tag,
    checkHook: () => "InvalidValue",
  })(
    issue,
  ).issues.map(({ path: parts = [], message }) => {
    const path = parts.map((part) => typeof part === "object" ? part.key : part);
    const key = textOfPath(path);
    switch (message) {
      case "UnexpectedKey":
        return `${where}: unknown key "${key}"; known are ${keysAt(path).join(", ")}`;
      case "MissingKey":
        return `${where}: ${key} is missing: give ${ofKind(path)}`;
      default:
        return key === "" ? `${where}: expected an object` : `${where}: ${key}: expected ${ofKind(path)}`;
    }
  });

const checkDay = (key: string, day: string | undefined, report: Report): void => {
  if (day === undefined || isDay(day)) return;
  report(
    key,
    /^\d{4}-\d{2}-\d{2}$/.test(day)
      ? `there is no day ${day}; correct it`
      : `expected a day as YYYY-MM-DD, got "${day}"`,
  );
};

const checkTimes = (
  key: string,
  times: ReadonlyArray<readonly [name: string, time: string | undefined]>,
  report: Report,
): void => {
  let before: readonly [string, string] | undefined;
  for (const [name, time] of times) {
    if (time === undefined) continue;
    if (!TIME.test(time)) {
      report(`${key}.${name}`, `expected a time as hh:mm, from 00:00 to 23:59, got "${time}"`);
    } else {
      if (before !== undefined && time <= before[1]) {
        report(`${key}.${name}`, `${time} is not after the ${before[0]} at ${before[1]}`);
      }
      before = [name, time];
    }
  }
};

const checkPeriods = (key: string, periods: ReadonlyArray<string>, report: Report): void => {
  if (periods.length === 0) report(key, "give at least one period, or leave the key out: hours not known");
  let end: string | undefined;
  for (const text of periods) {
    const period = readPeriod(text);
    if (period === undefined) {
      report(key, `expected a period as hh:mm-hh:mm, got "${text}"`);
      continue;
    }
    const [open, close] = period;
    if (close <= open) report(key, `${text} ends before it begins`);
    if (end !== undefined && open < end) report(key, `${text} begins before the period before it ends`);
    end = close;
  }
};

const checkHours = (hours: CalendarFile["hours"], report: Report): void => {
  if (hours?.length === 0) report("hours", `expected ${EXPECTED["hours"]}`);
  const seen = new Set<string>();
  for (const [index, era] of (hours ?? []).entries()) {
    const key = `hours.${index}`;
    checkDay(`${key}.from`, era.from, report);
    if (seen.has(era.from)) report(`${key}.from`, `${era.from} stands here twice; leave one out`);
    seen.add(era.from);
    checkTimes(
      key,
      [["open", era.open], ["close", era.close], ["closingAuction", era.closingAuction]],
      report,
    );
  }
};

const checkWeekend = (weekend: CalendarFile["weekend"], report: Report): void => {
  const unknown = (weekend ?? []).filter((word) => !WEEK.some((day) => day === word));
  for (const word of unknown) report("weekend", `"${word}" is no day of the week: ${WEEK.join(", ")}`);
  if (new Set(weekend).size === WEEK.length) report("weekend", "one day at least must be left to trade on");
};

/** Days of `closed`, `open` and `special`: each exists and stands in one of them. */
const checkDays = (file: CalendarFile, report: Report): void => {
  const said = new Map<string, string>();
  for (const kind of ["closed", "open", "special"] as const) {
    for (const day of Object.keys(file[kind] ?? {})) {
      checkDay(`${kind}.${day}`, day, report);
      const other = said.get(day);
      if (other !== undefined) {
        report(
          `${kind}.${day}`,
          `${day} is ${other}, too; a day is one or the other` +
            (other === "closed" && kind === "special" ? " (a special session opens it by itself)" : ""),
        );
      }
      said.set(day, kind);
    }
  }
  for (const [day, { periods }] of Object.entries(file.special ?? {})) {
    if (periods !== undefined) checkPeriods(`special.${day}.periods`, periods, report);
  }
};

/**
 * Reads what a file holds, as parsed JSON. Every problem names file and key, and says what should stand there;
 * what needs the other files to be judged is left to `resolve`.
 */
export const parse = (where: string, value: unknown): Result.Result<Placed, ReadonlyArray<string>> => {
  const decoded = Schema.decodeUnknownResult(CalendarFile)(value, {
    onExcessProperty: "error",
    errors: "all",
  });
  if (Result.isFailure(decoded)) return Result.fail(shapeProblems(decoded.failure.issue, where));
  const file = decoded.success;
  const problems: Array<string> = [];
  const report: Report = (key, problem) => problems.push(`${where}: ${key}: ${problem}`);
  for (const key of ["exchange", "like"] as const) {
    const code = file[key];
    if (code !== undefined && !EXCHANGE.test(code)) {
      report(key, `expected a code in capitals, such as NSE, got "${code}"`);
    }
  }
  if (file.timeZone !== undefined && !isTimeZone(file.timeZone)) {
    report("timeZone", `there is no zone "${file.timeZone}"; write it as Asia/Kolkata`);
  }
  for (const key of ["asOf", "from", "to"] as const) checkDay(key, file[key], report);
  if (file.from !== undefined && file.to !== undefined && file.to < file.from) {
    report("to", `${file.to} is before from, ${file.from}`);
  }
  checkWeekend(file.weekend, report);
  checkHours(file.hours, report);
  checkDays(file, report);
  return problems.length > 0 ? Result.fail(problems) : Result.succeed({ where, file });
};
