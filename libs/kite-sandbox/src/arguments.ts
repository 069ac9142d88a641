import { parseArgs } from "node:util";
import { chaos } from "./faults/script.ts";
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
  --faults <file>        go wrong by a fault script (JSON, see docs/kite-sandbox.md)
  --chaos <share>        each data request goes wrong with this chance, 0 to 1, in any way that passes
  --chaos-seed <number>  which of the possible courses chaos takes (default 1)
  --help                 this text

Examples:
  nx run kite-sandbox:serve --port=4010 --seed=7
  nx run kite-sandbox:serve --replay=../recordings/kite --date=2019-04-02 --no-limits
  nx run kite-sandbox:serve --chaos=0.1 --chaos-seed=7
`;

/** What the command line asks for: the text to show, or how to set the sandbox up. */
export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string }
  | {
    readonly kind: "serve";
    readonly options: SandboxOptions;
    /** A fault script to read and to add to the options. */
    readonly faultsFile?: string;
  };

const DEFAULT_PORT = 4010;

const integer = (text: string | undefined, largest: number): number | undefined =>
  text !== undefined && /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;

const share = (text: string): number | undefined =>
  /^(0?\.\d+|[01](\.0+)?)$/.test(text) ? Number(text) : undefined;

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
        faults: { type: "string" },
        chaos: { type: "string" },
        "chaos-seed": { type: "string" },
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
  const chance = values.chaos === undefined ? 0 : share(values.chaos);
  if (chance === undefined) return wrong(`--chaos: not a share from 0 to 1: ${values.chaos}`);
  const chaosSeed = values["chaos-seed"] === undefined ? 1 : integer(values["chaos-seed"], 0xffff_ffff);
  if (chaosSeed === undefined) {
    return wrong(`--chaos-seed: not a number from 0 to 4294967295: ${values["chaos-seed"]}`);
  }
  if (values.chaos === undefined && values["chaos-seed"] !== undefined) {
    return wrong("--chaos-seed needs --chaos");
  }
  if (values.chaos !== undefined && values.faults !== undefined) {
    return wrong(
      '--chaos or --faults, not both; a rule { "fault": "any", "chance": 0.1 } does in a script what --chaos=0.1 does',
    );
  }
  return {
    kind: "serve",
    ...(values.faults === undefined ? {} : { faultsFile: values.faults }),
    options: {
      port,
      limits: values["no-limits"] ? "off" : "vendor",
      ...(values.chaos === undefined ? {} : { faults: chaos(chance, chaosSeed) }),
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
