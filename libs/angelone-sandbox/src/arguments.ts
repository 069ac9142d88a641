import { type Arguments, FAULT_USAGE, readCommandLine } from "@candlewick/pretend-exchange";
import type { SandboxOptions } from "./sandbox.ts";

export const USAGE = `A pretend exchange on this machine that speaks Angel One's HTTP API.

Usage: nx run angelone-sandbox:serve [options]

  --port <number>        port on 127.0.0.1 (default 4020, 0 for any free one)
  --seed <number>        which invented market (default 1)
  --today <yyyy-mm-dd>   pretend that it is this date; the time of day stays
  --replay <file>        serve a recorded scrip master (.json or .json.gz) instead of an invented market
  --candles <folder>     with --replay: recorded candles, with index.csv (default: none)
  --no-limits            do not enforce the vendor's rate limits
${FAULT_USAGE("docs/angelone-sandbox.md")}
Examples:
  nx run angelone-sandbox:serve --port=4020 --seed=7
  nx run angelone-sandbox:serve --replay=OpenAPIScripMaster.json.gz --candles=recordings/historical
  nx run angelone-sandbox:serve --chaos=0.1 --chaos-seed=7
`;

/** Reads the command line of `serve`. */
export const readArguments = (args: ReadonlyArray<string>): Arguments<SandboxOptions> =>
  readCommandLine(args, {
    port: 4020,
    own: ["candles"],
    options: ({ seed, today, replay, ...common }, { candles }): SandboxOptions | string => {
      if (replay === undefined && candles !== undefined) return "--candles needs --replay";
      return {
        ...common,
        mode: replay === undefined
          ? { kind: "invented", seed, ...(today === undefined ? {} : { today }) }
          : { kind: "replay", master: replay, ...(candles === undefined ? {} : { candles }) },
      };
    },
  });
