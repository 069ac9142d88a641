import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { type CommandOptions, readCommandLine } from "../cli/CommandOptions.ts";
import { defaultPort } from "./Callback.ts";

/** What `candlewick login` takes beside `--source`, for its help and for reading its command line. */
export const loginOptions = {
  id: "login",
  parameters: {
    port: Setting.int({
      description: "Port on 127.0.0.1 that the vendor redirects to",
      default: defaultPort,
      min: 1,
      max: 65_535,
    }),
  },
  foreign: ["dag", "sink", "sandbox", "dryRun", "json", "waitForLogin"],
} satisfies CommandOptions<Setting.Settings>;

export interface LoginFlags {
  readonly source?: string;
  readonly port: number;
}

/** Reads the command line of `candlewick login`. */
export const readFlags = (args: ReadonlyArray<string>): Result.Result<LoginFlags, ReadonlyArray<string>> =>
  Result.flatMap(
    readCommandLine(args, loginOptions),
    ({ common: { source }, problems, values: { port } }) =>
      problems.length > 0
        ? Result.fail(problems)
        : Result.succeed({ port, ...(source === undefined ? {} : { source }) }),
  );
