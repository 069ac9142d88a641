import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { type HasParameters, parse } from "../cli/Arguments.ts";
import { flagName } from "../config/Naming.ts";
import { defaultPort } from "./Callback.ts";

/** What `candlewick login` takes beside `--source`, for its help and for reading its command line. */
export const loginOptions: HasParameters & {
  readonly parameters: { readonly port: Setting.Setting<number> };
} = {
  id: "login",
  parameters: {
    port: Setting.int({
      description: "Port on 127.0.0.1 that the vendor redirects to",
      default: defaultPort,
      min: 1,
      max: 65_535,
    }),
  },
};

export interface LoginFlags {
  readonly source?: string;
  readonly port: number;
}

/** Options of a run that mean nothing to a login. */
const FOREIGN = ["dag", "sink", "sandbox", "dryRun", "json", "waitForLogin"] as const;

/** Reads the command line of `candlewick login`, as strictly as that of a run. */
export const readFlags = (args: ReadonlyArray<string>): Result.Result<LoginFlags, ReadonlyArray<string>> =>
  Result.flatMap(parse(args, [loginOptions]), ({ common, parameters }) => {
    const problems = FOREIGN.filter((name) => common[name] !== undefined && common[name] !== false)
      .map((name) => `login has no option --${flagName(name)}`);
    const given = parameters["port"];
    const port = given === undefined
      ? Result.succeed(defaultPort)
      : Setting.decode(loginOptions.parameters.port, given);
    if (Result.isFailure(port)) problems.push(`--port: ${port.failure}`);
    return problems.length > 0 || Result.isFailure(port) ? Result.fail(problems) : Result.succeed({
      port: port.success,
      ...(common.source === undefined ? {} : { source: common.source }),
    });
  });
