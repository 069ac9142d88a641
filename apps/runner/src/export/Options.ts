import { Interval, Setting } from "@candlewick/core";
import { Result } from "effect";
import { type CommonArguments, parse } from "../cli/Arguments.ts";
import { flagName } from "../config/Naming.ts";

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

export const exportOptions = { id: "export", parameters };

export type ExportValues = Setting.Values<typeof parameters>;

export interface ExportFlags extends ExportValues {
  readonly common: CommonArguments;
}

/** Options of a run that mean nothing here. */
const FOREIGN = ["dag", "dryRun", "waitForLogin"] as const;

/** Reads the command line of `candlewick export`, as strictly as that of a run. */
export const readFlags = (
  args: ReadonlyArray<string>,
): Result.Result<ExportFlags, ReadonlyArray<string>> =>
  Result.flatMap(parse(args, [exportOptions]), ({ common, parameters: given }) => {
    const problems = FOREIGN.filter((name) => common[name] !== undefined && common[name] !== false)
      .map((name) => `export has no option --${flagName(name)}`);
    const values: Record<string, unknown> = {};
    for (const [key, setting] of Object.entries<Setting.Setting<unknown>>(parameters)) {
      const typed = given[key];
      if (typed !== undefined) {
        const decoded = Setting.decode(setting, typed);
        if (Result.isSuccess(decoded)) values[key] = decoded.success;
        else problems.push(`--${flagName(key)}: ${decoded.failure}`);
      } else if ("fallback" in setting) values[key] = setting.fallback;
      else problems.push(`--${flagName(key)} is missing: give --${flagName(key)}=${setting.placeholder}`);
    }
    const flags = { ...values, common } as unknown as ExportFlags;
    if (flags.from !== undefined && flags.to !== undefined && flags.from > flags.to) {
      problems.push(`--from=${flags.from} is after --to=${flags.to}`);
    }
    return problems.length > 0 ? Result.fail(problems) : Result.succeed(flags);
  });
