import { type Arguments, FAULT_USAGE, readCommandLine } from "@candlewick/pretend-exchange";
import type { SandboxOptions } from "./sandbox.ts";

export const USAGE = `A pretend exchange on this machine that speaks Kite Connect's HTTP API.

Usage: nx run kite-sandbox:serve [options]

  --port <number>        port on 127.0.0.1 (default 4010, 0 for any free one)
  --seed <number>        which invented market (default 1)
  --today <yyyy-mm-dd>   pretend that it is this date; the time of day stays
  --replay <folder>      serve recordings instead of an invented market
  --date <yyyy-mm-dd>    with --replay: which instruments dump (default the newest)
  --redirect <url>       where the browser login leads (default: a page with the request token)
  --no-limits            do not enforce the vendor's rate limits
${FAULT_USAGE("docs/kite-sandbox.md")}
Examples:
  nx run kite-sandbox:serve --port=4010 --seed=7
  nx run kite-sandbox:serve --replay=../recordings/kite --date=2019-04-02 --no-limits
  nx run kite-sandbox:serve --chaos=0.1 --chaos-seed=7
`;

/** Reads the command line of `serve`. */
export const readArguments = (args: ReadonlyArray<string>): Arguments<SandboxOptions> =>
  readCommandLine(args, {
    port: 4010,
    own: ["date", "redirect"],
    options: ({ seed, today, replay, ...common }, { date, redirect }): SandboxOptions | string => {
      if (replay === undefined && date !== undefined) return "--date needs --replay";
      if (redirect !== undefined && !URL.canParse(redirect)) return `--redirect: not an address: ${redirect}`;
      return {
        ...common,
        ...(redirect === undefined ? {} : { redirectUrl: redirect }),
        mode: replay === undefined
          ? { kind: "invented", seed, ...(today === undefined ? {} : { today }) }
          : { kind: "replay", folder: replay, ...(date === undefined ? {} : { date }) },
      };
    },
  });
