// @ts-check
import { parseArgs } from "node:util";

/**
 * Options of every run, whatever the DAG. The launcher reads them to grant permissions, the program to do the
 * work; both see the same table.
 *
 * @typedef {{ type: "string" | "boolean", short?: string, placeholder?: string, description: string }} CommonOption
 * @type {Readonly<Record<string, CommonOption>>}
 */
export const commonOptions = {
  "dag": {
    type: "string",
    placeholder: "LIST",
    description: "DAGs to run: numbers or names as --list shows them, separated by commas, or all",
  },
  "list": { type: "boolean", description: "show all DAGs" },
  "source": { type: "string", placeholder: "ID", description: "where data comes from" },
  "sink": { type: "string", placeholder: "ID", description: "where data goes" },
  "sandbox": { type: "boolean", description: "use the pretend market even when credentials are set" },
  "no-sandbox": {
    type: "boolean",
    description:
      "never the pretend market: the vendor itself, without credentials for what it gives to everyone",
  },
  "dry-run": { type: "boolean", description: "show what would be done; fetch and write nothing" },
  "json": { type: "boolean", description: "print the result as one JSON object on stdout" },
  "wait-for-login": {
    type: "string",
    placeholder: "TIME",
    description:
      "how long to wait for a new login when the vendor ends the present one (15m on a terminal, else 0)",
  },
  "if-running": {
    type: "string",
    placeholder: "WORD",
    description: "when another run of the same DAG is at work: wait (default) for its end, or leave",
  },
  "log-level": {
    type: "string",
    placeholder: "LEVEL",
    description: "what the console shows: debug, info (default), warn or error",
  },
  "print-schema": { type: "boolean", description: "print the JSON Schema of config/config.json" },
  "help": { type: "boolean", short: "h", description: "show this help; with --dag, that of these DAGs" },
  "version": { type: "boolean", short: "V", description: "show versions" },
};

/** Words that may stand first instead of options. */
export const commands = /** @type {const} */ (["login", "calendar", "db", "export"]);

/** The option of `export` that the launcher must know, for it is where the program may write. */
const EXPORT_TO = "out";

/**
 * What a command line asks for, as far as it can be known before any plugin is loaded. Never fails: what it
 * does not understand is judged later, with the parameters of the chosen DAGs at hand.
 *
 * @typedef {{
 *   action: "run" | "login" | "calendar" | "db" | "export" | "list" | "help" | "version" | "schema",
 *   dag: string | undefined,
 *   source: string | undefined,
 *   sink: string | undefined,
 *   json: boolean,
 *   out: string | undefined,
 * }} Request
 * @param {ReadonlyArray<string>} args
 * @returns {Request}
 */
export const readRequest = (args) => {
  const command = commands.find((word) => word === args[0]);
  const { values } = parseArgs({
    args: [...(command === undefined ? args : args.slice(1))],
    strict: false,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(
        Object.entries(commonOptions).map(([name, { type, short }]) => [
          name,
          short === undefined ? { type } : { type, short },
        ]),
      ),
      ...(command === "export" ? { [EXPORT_TO]: { type: "string" } } : {}),
    },
  });
  /** @param {string} name */
  const text = (name) => typeof values[name] === "string" ? values[name] : undefined;
  /** @returns {Request["action"]} */
  const action = () => {
    if (values["help"]) return "help";
    if (values["version"]) return "version";
    if (command !== undefined) return command;
    if (values["list"]) return "list";
    if (values["print-schema"]) return "schema";
    return args.length === 0 ? "help" : "run";
  };
  return {
    action: action(),
    dag: text("dag"),
    source: text("source"),
    sink: text("sink"),
    json: values["json"] === true,
    out: command === "export" ? text(EXPORT_TO) : undefined,
  };
};
