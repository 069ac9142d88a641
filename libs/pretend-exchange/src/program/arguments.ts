import { parseArgs } from "node:util";
import { chaos, type FaultScript } from "../faults/script.ts";

/** What every sandbox's command line can ask for. */
export interface CommonArguments {
  readonly port: number;
  readonly limits: "off" | "vendor";
  readonly faults?: FaultScript;
  /** Of the invented market. */
  readonly seed: number;
  readonly today: string | undefined;
  /** What to replay in place of an invented market. */
  readonly replay: string | undefined;
}

/** The lines of a usage text on what every sandbox takes beyond its own options. */
export const FAULT_USAGE = (page: string) =>
  `  --faults <file>        go wrong by a fault script (JSON, see ${page})
  --chaos <share>        each data request goes wrong with this chance, 0 to 1, in any way that passes
  --chaos-seed <number>  which of the possible courses chaos takes (default 1)
  --help                 this text
`;

/** What the command line asks for: the text to show, or how to set the sandbox up. */
export type Arguments<Options> =
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string }
  | {
    readonly kind: "serve";
    readonly options: Options;
    /** A fault script to read and to add to the options. */
    readonly faultsFile?: string;
  };

/** A sandbox's own side of its command line. */
export interface CommandLine<Own extends string, Options> {
  readonly port: number;
  /** Names of its own options, each with a value. */
  readonly own: ReadonlyArray<Own>;
  /** Its options, or what is wrong with them. */
  readonly options: (
    common: CommonArguments,
    own: Readonly<Partial<Record<Own, string>>>,
  ) => Options | string;
}

const integer = (text: string | undefined, largest: number): number | undefined =>
  text !== undefined && /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;

const share = (text: string): number | undefined =>
  /^(0?\.\d+|[01](\.0+)?)$/.test(text) ? Number(text) : undefined;

const COMMON = {
  port: { type: "string" },
  seed: { type: "string" },
  today: { type: "string" },
  replay: { type: "string" },
  "no-limits": { type: "boolean" },
  faults: { type: "string" },
  chaos: { type: "string" },
  "chaos-seed": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Values of the common options and of a sandbox's own, by name; the message where there is one that it lacks. */
const parsed = <Own extends string>(args: ReadonlyArray<string>, own: ReadonlyArray<Own>) => {
  const ownOptions = Object.fromEntries(own.map((name) => [name, { type: "string" as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options: { ...COMMON, ...ownOptions } });
    const texts: Readonly<Record<string, unknown>> = values;
    return {
      values,
      own: Object.fromEntries(
        own.flatMap((name) => typeof texts[name] === "string" ? [[name, texts[name]]] : []),
      ) as Partial<Record<Own, string>>,
    };
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
};

/** Reads the command line of `serve`. */
export const readCommandLine = <Own extends string, Options>(
  args: ReadonlyArray<string>,
  line: CommandLine<Own, Options>,
): Arguments<Options> => {
  const wrong = (message: string): Arguments<Options> => ({ kind: "wrong", message });
  const read = parsed(args, line.own);
  if (typeof read === "string") return wrong(read);
  const { values } = read;
  if (values.help) return { kind: "help" };

  const port = values.port === undefined ? line.port : integer(values.port, 65_535);
  if (port === undefined) return wrong(`--port: not a port: ${values.port}`);
  const seed = values.seed === undefined ? 1 : integer(values.seed, 0xffff_ffff);
  if (seed === undefined) return wrong(`--seed: not a number from 0 to 4294967295: ${values.seed}`);
  if (values.replay !== undefined && (values.seed !== undefined || values.today !== undefined)) {
    return wrong("--seed and --today are for the invented market, not for --replay");
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
  const options = line.options(
    {
      port,
      limits: values["no-limits"] ? "off" : "vendor",
      ...(values.chaos === undefined ? {} : { faults: chaos(chance, chaosSeed) }),
      seed,
      today: values.today,
      replay: values.replay,
    },
    read.own,
  );
  return typeof options === "string" ? wrong(options) : {
    kind: "serve",
    ...(values.faults === undefined ? {} : { faultsFile: values.faults }),
    options,
  };
};
