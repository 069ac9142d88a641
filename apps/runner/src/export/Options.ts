import { Interval, Setting } from "@candlewick/core";
import { Result } from "effect";
import type { CommonArguments } from "../cli/Arguments.ts";
import { type CommandOptions, readCommandLine } from "../cli/CommandOptions.ts";

/** What `candlewick export` takes beside the options of a run. */
const parameters = {
  out: Setting.text({ description: "File to write; its ending tells the format", placeholder: "FILE" }),
  format: Setting.optionalText({
    description: "Format of the file, where its ending does not tell",
    placeholder: "parquet|csv",
  }),
  interval: Setting.literal(Interval.intervals, { description: "Length of a candle", default: "day" }),
  symbols: Setting.symbols({
    description: "Instruments to export; when given, exchanges and instrument types do not matter",
  }),
  exchanges: Setting.list({
    description: "Exchanges whose instruments are exported",
    placeholder: "NSE,BSE",
  }),
  instrumentTypes: Setting.list({ description: "Instrument types that are exported", placeholder: "EQ,FUT" }),
  from: Setting.optionalDay({ description: "First day; by default the first that is stored" }),
  to: Setting.optionalDay({ description: "Last day, inclusive; by default today" }),
  prices: Setting.literal(["double", "exact"], {
    description: "Prices as doubles, which every tool calculates with, or with their exact digits",
    default: "double",
  }),
  final: Setting.flag({ description: "Leave out candles that the vendor may still change" }),
  overwrite: Setting.flag({ description: "Replace the file when it is there" }),
};

export const exportOptions = {
  id: "export",
  parameters,
  foreign: ["dag", "dryRun", "waitForLogin"],
} satisfies CommandOptions<typeof parameters>;

export type ExportValues = Setting.Values<typeof parameters>;

export interface ExportFlags extends ExportValues {
  readonly common: CommonArguments;
}

/** Reads the command line of `candlewick export`. */
export const readFlags = (
  args: ReadonlyArray<string>,
): Result.Result<ExportFlags, ReadonlyArray<string>> =>
  Result.flatMap(readCommandLine(args, exportOptions), ({ common, problems, values }) => {
    const { from, to } = values;
    if (from !== undefined && to !== undefined && from > to) {
      return Result.fail([...problems, `--from=${from} is after --to=${to}`]);
    }
    return problems.length > 0 ? Result.fail(problems) : Result.succeed({ ...values, common });
  });
