import { parseArgs } from "node:util";
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
  --help                 this text

Examples:
  nx run kite-sandbox:serve --port=4010 --seed=7
  nx run kite-sandbox:serve --replay=../recordings/kite --date=2019-04-02 --no-limits
`;

/** What the command line asks for: the text to show, or how to set the sandbox up. */
export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "serve"; readonly options: SandboxOptions };

const DEFAULT_PORT = 4010;

const integer = (text: string | undefined, largest: number): number | undefined =>
  text !== undefined && /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;

/** Reads the command line of `serve`. */
export const readArguments = (args: ReadonlyArray<string>): Arguments => {
  const wrong = (message: string): Arguments => ({ kind: "wrong", message });
  let values;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        seed: { type: "string" },
        today: { type: "string" },
        replay: { type: "string" },
        date: { type: "string" },
        redirect: { type: "string" },
        "no-limits": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    return wrong(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) return { kind: "help" };

  const port = values.port === undefined ? DEFAULT_PORT : integer(values.port, 65_535);
  if (port === undefined) return wrong(`--port: not a port: ${values.port}`);
  const seed = values.seed === undefined ? 1 : integer(values.seed, 0xffff_ffff);
  if (seed === undefined) return wrong(`--seed: not a number from 0 to 4294967295: ${values.seed}`);
  if (values.replay !== undefined && (values.seed !== undefined || values.today !== undefined)) {
    return wrong("--seed and --today are for the invented market, not for --replay");
  }
  if (values.replay === undefined && values.date !== undefined) return wrong("--date needs --replay");
  if (values.redirect !== undefined && !URL.canParse(values.redirect)) {
    return wrong(`--redirect: not an address: ${values.redirect}`);
  }
  return {
    kind: "serve",
    options: {
      port,
      limits: values["no-limits"] ? "off" : "vendor",
      ...(values.redirect === undefined ? {} : { redirectUrl: values.redirect }),
      mode: values.replay === undefined
        ? { kind: "invented", seed, ...(values.today === undefined ? {} : { today: values.today }) }
        : {
          kind: "replay",
          folder: values.replay,
          ...(values.date === undefined ? {} : { date: values.date }),
        },
    },
  };
};
