import type { Setting } from "@candlewick/core";
import { commonOptions } from "../../launch/arguments.mjs";
import { flagName } from "../config/Naming.ts";
import type { DagEntry } from "../project/DagCatalogue.ts";
import type { HasParameters } from "./Arguments.ts";

const WIDTH = 34;

const option = (left: string, description: string): string =>
  left.length < WIDTH
    ? `  ${left.padEnd(WIDTH)}${description}`
    : `  ${left}\n  ${" ".repeat(WIDTH)}${description}`;

const commonLines = (): ReadonlyArray<string> =>
  Object.entries(commonOptions).map(([name, { short, placeholder, description }]) =>
    option(
      `${short === undefined ? "" : `-${short}, `}--${name}${
        placeholder === undefined ? "" : `=${placeholder}`
      }`,
      description,
    )
  );

const defaultOf = (value: unknown): string => {
  if (value === undefined || value === "" || value === false) return "";
  if (Array.isArray(value)) return value.length === 0 ? "" : ` (default ${value.join(",")})`;
  return ` (default ${String(value)})`;
};

const parameterLine = ([key, setting]: readonly [string, Setting.Setting<unknown>]): string =>
  option(
    `--${flagName(key)}${setting.isFlag ? "" : `=${setting.placeholder}`}`,
    setting.description + ("fallback" in setting ? defaultOf(setting.fallback) : " (required)"),
  );

const EXAMPLES = `Examples:
  nx run runner:execute --dag=historic
  nx run runner:execute --dag=historic --symbols="NSE:INFY,NSE:M&M" --from=2015-01-01
  nx run runner:execute --dag=historic --interval=minute --symbols=NSE:INFY --dry-run
  nx run runner:execute --dag=all
  nx run runner:execute --list
  nx run runner:login

Exit codes (of the program; Nx turns every failure into 1):
  0 done   1 failed   2 wrong usage or configuration   3 some units failed   4 not authorised   130 interrupted`;

/** What a user can say, with the parameters of some DAGs. */
export const renderHelp = (
  dags: ReadonlyArray<DagEntry>,
  loaded: ReadonlyArray<HasParameters>,
): string =>
  [
    "Candlewick brings market data home: instruments and candles into a database you own, complete and current.",
    "",
    "Usage: nx run runner:execute --dag=LIST [options] [parameters]",
    "",
    "Options:",
    ...commonLines(),
    "",
    `DAGs: ${dags.map(({ number, id }) => `${number} ${id}`).join(", ") || "none"}`,
    ...loaded.flatMap(({ id, parameters }) => [
      "",
      `Parameters of ${id}:`,
      ...Object.entries(parameters).map(parameterLine),
    ]),
    "",
    EXAMPLES,
  ].join("\n");
