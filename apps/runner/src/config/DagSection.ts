import { unknownKeys } from "./Layers.ts";

/**
 * What configuration says of a DAG: beside the DAG in its package's `config.json`, and under `dags` in
 * `config/config.json`, which counts more.
 */
export interface DagSection {
  /** File and place, for messages: `config/config.json: dags.historic`. */
  readonly where: string;
  readonly enabled?: boolean;
  readonly schedule?: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export const emptySection = (where: string): DagSection => ({ where, parameters: {} });

/** Place of a key inside a section: `config.json: enabled`, `config/config.json: dags.historic.enabled`. */
export const keyOf = (where: string, key: string): string =>
  where.includes(": ") ? `${where}.${key}` : `${where}: ${key}`;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const KEYS = ["enabled", "schedule", "description", "parameters"];

/** Reads a section; parameters are judged when their DAG is loaded. Returns the section or its problems. */
export const parseDagSection = (
  where: string,
  value: unknown,
  ignored: ReadonlyArray<string> = [],
): { readonly section: DagSection; readonly problems: ReadonlyArray<string> } => {
  if (!isRecord(value)) {
    return { section: emptySection(where), problems: [`${where}: expected an object`] };
  }
  const known = Object.fromEntries(Object.entries(value).filter(([key]) => !ignored.includes(key)));
  const problems = [...unknownKeys(known, KEYS, where)];
  const typed = (key: string, isRight: (value: unknown) => boolean, expected: string): boolean => {
    if (value[key] === undefined) return false;
    if (isRight(value[key])) return true;
    problems.push(`${keyOf(where, key)}: expected ${expected}, got ${JSON.stringify(value[key])}`);
    return false;
  };
  const isText = (part: unknown) => typeof part === "string";
  const section: DagSection = {
    where,
    ...(typed("enabled", (part) => typeof part === "boolean", "true or false")
      ? { enabled: value["enabled"] as boolean }
      : {}),
    ...(typed("schedule", isText, "text") ? { schedule: value["schedule"] as string } : {}),
    ...(typed("description", isText, "text") ? { description: value["description"] as string } : {}),
    parameters: typed("parameters", isRecord, "an object")
      ? value["parameters"] as Record<string, unknown>
      : {},
  };
  return { section, problems };
};
