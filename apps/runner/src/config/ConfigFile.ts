import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { type DagSection, isRecord, parseDagSection } from "./DagSection.ts";
import { unknownKeys } from "./Layers.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof logLevels[number];
export const isLogLevel = (value: unknown): value is LogLevel => logLevels.some((level) => level === value);

/** How long a run waits for a new login when the vendor refuses the present one, milliseconds. */
export const waitForLogin = Setting.duration({
  description: "How long a run waits for a new login when the vendor ends the present one; 0 ends the run",
  default: 15 * 60_000,
});

/** What a run does when another run of the same DAG is at work on the store. */
export const ifRunnings = ["wait", "leave"] as const;
export type IfRunning = typeof ifRunnings[number];
export const isIfRunning = (value: unknown): value is IfRunning => ifRunnings.some((word) => word === value);

type Section = Readonly<Record<string, unknown>>;

/** `config/config.json` with its shape checked; the settings inside are judged when their plugin is loaded. */
export interface ConfigFile {
  readonly plugins: ReadonlyArray<string>;
  readonly source?: string;
  readonly sink?: string;
  readonly sources: Readonly<Record<string, Section>>;
  readonly sinks: Readonly<Record<string, Section>>;
  readonly dags: Readonly<Record<string, DagSection>>;
  readonly logLevel?: LogLevel;
  readonly ifRunning?: IfRunning;
  /** Milliseconds; see `waitForLogin`. */
  readonly waitForLogin?: number;
}

export const emptyConfig: ConfigFile = { plugins: [], sources: {}, sinks: {}, dags: {} };

const KEYS = [
  "$schema",
  "plugins",
  "source",
  "sink",
  "sources",
  "sinks",
  "dags",
  "logging",
  "ifRunning",
  "waitForLogin",
];

/** Checks the shape of a configuration; `file` names it in problems. */
export const parseConfig = (
  file: string,
  value: unknown,
): { readonly config: ConfigFile; readonly problems: ReadonlyArray<string> } => {
  if (!isRecord(value)) return { config: emptyConfig, problems: [`${file}: expected an object`] };
  const problems = [...unknownKeys(value, KEYS, file)];
  const wrong = (key: string, expected: string) => {
    problems.push(`${file}: ${key}: expected ${expected}`);
  };

  const word = (key: "source" | "sink"): string | undefined => {
    const id = value[key];
    if (id === undefined || typeof id === "string") return id;
    wrong(key, `the id of a ${key}`);
    return undefined;
  };

  const sections = (key: "sources" | "sinks" | "dags"): Readonly<Record<string, Section>> => {
    const given = value[key];
    if (given === undefined) return {};
    if (!isRecord(given)) {
      wrong(key, "an object with an entry for each id");
      return {};
    }
    return Object.fromEntries(
      Object.entries(given).flatMap(([id, section]) => {
        if (isRecord(section)) return [[id, section]];
        wrong(`${key}.${id}`, "an object");
        return [];
      }),
    );
  };

  const plugins = (): ReadonlyArray<string> => {
    const names = value["plugins"];
    if (names === undefined) return [];
    if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
    wrong("plugins", "a list of package names");
    return [];
  };

  const logLevel = (): LogLevel | undefined => {
    const logging = value["logging"];
    if (logging === undefined) return undefined;
    if (!isRecord(logging)) {
      wrong("logging", 'an object such as { "level": "info" }');
      return undefined;
    }
    problems.push(...unknownKeys(logging, ["level"], `${file}: logging`));
    const level = logging["level"];
    if (level === undefined || isLogLevel(level)) return level;
    wrong("logging.level", `one of ${logLevels.join(", ")}`);
    return undefined;
  };

  const wait = (): number | undefined => {
    const given = value["waitForLogin"];
    if (given === undefined) return undefined;
    const decoded = Setting.decode(waitForLogin, given);
    if (Result.isSuccess(decoded)) return decoded.success;
    problems.push(`${file}: waitForLogin: ${decoded.failure}`);
    return undefined;
  };

  const whenRunning = (): IfRunning | undefined => {
    const word = value["ifRunning"];
    if (word === undefined || isIfRunning(word)) return word;
    wrong("ifRunning", `one of ${ifRunnings.join(", ")}`);
    return undefined;
  };

  const dags = Object.fromEntries(
    Object.entries(sections("dags")).map(([id, section]) => {
      const parsed = parseDagSection(`${file}: dags.${id}`, section);
      problems.push(...parsed.problems);
      return [id, parsed.section];
    }),
  );
  const source = word("source");
  const sink = word("sink");
  const level = logLevel();
  const ifRunning = whenRunning();
  const patience = wait();
  const config: ConfigFile = {
    plugins: plugins(),
    ...(source === undefined ? {} : { source }),
    ...(sink === undefined ? {} : { sink }),
    sources: sections("sources"),
    sinks: sections("sinks"),
    dags,
    ...(level === undefined ? {} : { logLevel: level }),
    ...(ifRunning === undefined ? {} : { ifRunning }),
    ...(patience === undefined ? {} : { waitForLogin: patience }),
  };
  return { config, problems };
};
