import type { Manifest } from "@candlewick/core";
import { commonOptions } from "../../launch/arguments.mjs";
import { flagName, variableName } from "../config/Naming.ts";
import type { AnySetting } from "../config/Resolve.ts";
import { wrap } from "../display/Format.ts";
import { ofKind } from "../project/Discovery.ts";
import type { Project } from "../project/Project.ts";
import type { HasParameters } from "./Arguments.ts";

/** Column at which descriptions begin, and width of all of it. */
const INDENT = 36;
const WIDTH = 110;

/** `  --flag=VALUE      description`, the description below when the flag is long. */
const option = (left: string, description: string): ReadonlyArray<string> => {
  const [first = "", ...rest] = wrap(description, WIDTH - INDENT);
  const below = rest.map((line) => `${" ".repeat(INDENT)}${line}`);
  return left.length + 4 <= INDENT
    ? [`  ${left.padEnd(INDENT - 2)}${first}`, ...below]
    : [`  ${left}`, `${" ".repeat(INDENT)}${first}`, ...below];
};

const commonLines = (): ReadonlyArray<string> =>
  Object.entries(commonOptions).flatMap(([name, { short, placeholder, description }]) =>
    option(
      `${short === undefined ? "" : `-${short}, `}--${name}${
        placeholder === undefined ? "" : `=${placeholder}`
      }`,
      description,
    )
  );

/** ` (default NSE)`; nothing when the default is nothing. */
const defaultOf = (setting: AnySetting): string => {
  if (!("fallback" in setting)) return " (required)";
  const { fallback, show } = setting;
  if (setting.secret || fallback === undefined || fallback === "" || fallback === false) return "";
  if (Array.isArray(fallback)) return fallback.length === 0 ? "" : ` (default ${fallback.join(",")})`;
  return ` (default ${show === undefined ? String(fallback) : show(fallback)})`;
};

const parameterLines = ([key, setting]: readonly [string, AnySetting]): ReadonlyArray<string> =>
  option(
    `--${flagName(key)}${setting.isFlag ? "" : `=${setting.placeholder}`}`,
    setting.description + defaultOf(setting),
  );

/** A source or sink and its settings. */
export interface HasSettings {
  readonly kind: "source" | "sink";
  readonly id: string;
  readonly settings: Readonly<Record<string, AnySetting>>;
}

const settingLines = ({ kind, id, settings }: HasSettings): ReadonlyArray<string> => [
  "",
  `Settings of ${kind} ${id} (environment, .env, or "${kind}s.${id}" in config/config.json):`,
  ...Object.entries(settings).flatMap(([key, setting]) =>
    option(`${variableName(id, key, setting)} (${key})`, setting.description + defaultOf(setting))
  ),
];

const EXAMPLES = `Examples:
  nx run runner:execute --dag=historic
  nx run runner:execute --dag=historic --symbols="NSE:INFY,NSE:M&M" --from=2015-01-01
  nx run runner:execute --dag=historic --interval=minute --symbols=NSE:INFY --dry-run
  nx run runner:execute --dag=all --json
  nx run runner:execute --list
  nx run runner:execute -- --dag=historic --help
  nx run runner:login
  nx run runner:calendar --exchange=NSE --year=2026

Exit codes (of the program; Nx turns every failure into 1):
  0 done   1 failed   2 wrong usage or configuration   3 some units failed   4 not authorised
  5 another run is at work   130 interrupted`;

const idsOf = (declared: ReadonlyArray<Manifest.Declared>, kind: Manifest.PluginKind): string =>
  ofKind(declared, kind).map(({ manifest }) => manifest.id).sort().join(", ") || "none";

/** What a user can say, with the parameters of some DAGs and the settings of the chosen source and sink. */
export const renderHelp = (
  { dags, declared }: Pick<Project, "dags" | "declared">,
  loaded: ReadonlyArray<HasParameters>,
  chosen: ReadonlyArray<HasSettings>,
): string =>
  [
    "Candlewick brings market data home: instruments and candles into a database you own, complete and current.",
    "",
    "Usage: nx run runner:execute --dag=LIST [options] [parameters]",
    "       nx run runner:login [--source=ID] [--port=N]",
    "       nx run runner:calendar [--exchange=CODE] [--year=YYYY] [--date=YYYY-MM-DD] [--json]",
    "       nx run runner:db -- status | backup | restore [NAME] | truncate [TABLES]; db --help explains",
    "       nx run runner:export --symbols=LIST --out=FILE [options]; -- --help explains",
    "",
    "Options:",
    ...commonLines(),
    "",
    `DAGs: ${dags.map(({ number, id }) => `${number} ${id}`).join(", ") || "none"}`,
    `Sources: ${idsOf(declared, "source")}`,
    `Sinks: ${idsOf(declared, "sink")}`,
    ...loaded.flatMap(({ id, parameters }) => [
      "",
      `Parameters of ${id} (as an option, in the environment, or in a config.json):`,
      ...Object.entries(parameters).flatMap(parameterLines),
    ]),
    ...chosen.flatMap(settingLines),
    "",
    EXAMPLES,
  ].join("\n");
