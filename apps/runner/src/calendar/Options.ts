import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { type CommandOptions, readCommandLine } from "../cli/CommandOptions.ts";

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
  foreign: ["dag", "source", "sink", "sandbox", "dryRun", "ifRunning", "waitForLogin"],
} satisfies CommandOptions<Setting.Settings>;

export interface CalendarFlags {
  /** Empty for all. */
  readonly exchanges: ReadonlyArray<string>;
  readonly year?: number;
  readonly date?: string;
  readonly json: boolean;
}

/** Reads the command line of `candlewick calendar`. */
export const readFlags = (
  args: ReadonlyArray<string>,
): Result.Result<CalendarFlags, ReadonlyArray<string>> =>
  Result.flatMap(readCommandLine(args, calendarOptions), ({ common: { json }, given, problems, values }) => {
    const { date, exchange: exchanges } = values;
    const year = given["year"] === undefined ? undefined : values.year;
    if (year !== undefined && date !== undefined) {
      return Result.fail([...problems, "--year and --date: give one of them"]);
    }
    return problems.length > 0 ? Result.fail(problems) : Result.succeed({
      exchanges,
      ...(year === undefined ? {} : { year }),
      ...(date === undefined ? {} : { date }),
      json,
    });
  });
