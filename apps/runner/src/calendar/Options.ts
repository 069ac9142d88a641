import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { parse } from "../cli/Arguments.ts";
import { flagName } from "../config/Naming.ts";

/** What `candlewick calendar` takes beside `--json`. */
export const calendarOptions = {
  id: "calendar",
  parameters: {
    exchange: Setting.list({
      description: "Exchanges to show; all when empty",
      placeholder: "NSE,NYSE",
    }),
    year: Setting.int({ description: "Year whose days to list", default: 0, min: 1900, max: 2999 }),
    date: Setting.optionalDay({ description: "Day to explain" }),
  },
};

export interface CalendarFlags {
  /** Empty for all. */
  readonly exchanges: ReadonlyArray<string>;
  readonly year?: number;
  readonly date?: string;
  readonly json: boolean;
}

/** Options of a run that mean nothing here. */
const FOREIGN = ["dag", "source", "sink", "sandbox", "dryRun", "ifRunning", "waitForLogin"] as const;

/** Reads the command line of `candlewick calendar`, as strictly as that of a run. */
export const readFlags = (
  args: ReadonlyArray<string>,
): Result.Result<CalendarFlags, ReadonlyArray<string>> =>
  Result.flatMap(parse(args, [calendarOptions]), ({ common, parameters }) => {
    const problems = FOREIGN.filter((name) => common[name] !== undefined && common[name] !== false)
      .map((name) => `calendar has no option --${flagName(name)}`);
    const value = <T>(key: "exchange" | "year" | "date", setting: Setting.Setting<T>): T | undefined => {
      const given = parameters[key];
      if (given === undefined) return undefined;
      const decoded = Setting.decode(setting, given);
      if (Result.isSuccess(decoded)) return decoded.success;
      problems.push(`--${key}: ${decoded.failure}`);
      return undefined;
    };
    const { exchange, year, date } = calendarOptions.parameters;
    const flags = {
      exchanges: value("exchange", exchange) ?? [],
      year: value("year", year),
      date: value("date", date),
    };
    if (flags.year !== undefined && flags.date !== undefined) {
      problems.push("--year and --date: give one of them");
    }
    return problems.length > 0 ? Result.fail(problems) : Result.succeed({
      exchanges: flags.exchanges,
      ...(flags.year === undefined ? {} : { year: flags.year }),
      ...(flags.date === undefined ? {} : { date: flags.date }),
      json: common.json,
    });
  });
