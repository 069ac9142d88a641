import { Result, Schema, SchemaIssue } from "effect";
import { type FaultKind, type FaultRule, type FaultScript, isEvent, KINDS, Seed } from "./script.ts";

const Outline = Schema.Struct({
  seed: Seed,
  rules: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
});

const STRICT = { onExcessProperty: "error", errors: "all" } as const;
const explain = SchemaIssue.makeFormatterStandardSchemaV1();

const issues = (error: Schema.SchemaError): ReadonlyArray<string> => [
  ...new Set(
    explain(error.issue).issues.map(({ path = [], message }) => {
      const said = message === "Expected no excess property" ? "there is no such key" : message;
      return path.length === 0 ? said : `${path.map(String).join(".")}: ${said}`;
    }),
  ),
];

/** What the shape alone does not tell. */
const sense = (rule: FaultRule): ReadonlyArray<string> => {
  if (rule.token !== undefined && rule.symbol !== undefined) return ["token or symbol, not both"];
  const needsOne = isEvent(rule) && rule.fault !== "missing-day";
  if (needsOne && rule.token === undefined && rule.symbol === undefined) return ["needs a symbol or a token"];
  if (rule.fault === "correction" && Object.keys(rule.set).length === 0) return ["set: changes nothing"];
  return [];
};

const decodeRule = (
  raw: Readonly<Record<string, unknown>>,
): Result.Result<FaultRule, ReadonlyArray<string>> => {
  const kind = raw["fault"];
  if (typeof kind !== "string" || !Object.hasOwn(KINDS, kind)) {
    return Result.fail([`fault: expected one of ${Object.keys(KINDS).join(", ")}`]);
  }
  const schema: Schema.Codec<FaultRule, unknown> = KINDS[kind as FaultKind];
  const decoded = Schema.decodeUnknownResult(schema)(raw, STRICT);
  if (Result.isFailure(decoded)) return Result.fail(issues(decoded.failure));
  const problems = sense(decoded.success);
  return problems.length === 0 ? Result.succeed(decoded.success) : Result.fail(problems);
};

/**
 * Checks a script. The failure has a line for each thing that is wrong: where the script stands, the rule by its
 * place from 1 and its kind, and the key.
 *
 * @param origin where the script stands: a file
 */
export const decodeScript = (origin: string, value: unknown): Result.Result<FaultScript, string> => {
  const outline = Schema.decodeUnknownResult(Outline)(value, STRICT);
  if (Result.isFailure(outline)) {
    return Result.fail(issues(outline.failure).map((issue) => `${origin}: ${issue}`).join("\n"));
  }
  const rules: Array<FaultRule> = [];
  const problems: Array<string> = [];
  for (const [i, raw] of outline.success.rules.entries()) {
    const rule = decodeRule(raw);
    const kind = typeof raw["fault"] === "string" ? ` (${raw["fault"]})` : "";
    if (Result.isSuccess(rule)) rules.push(rule.success);
    else problems.push(...rule.failure.map((problem) => `${origin}: rule ${i + 1}${kind}: ${problem}`));
  }
  return problems.length > 0
    ? Result.fail(problems.join("\n"))
    : Result.succeed({ ...outline.success, rules });
};

/** Reads a script from JSON text. */
export const parseScript = (origin: string, text: string): Result.Result<FaultScript, string> => {
  try {
    return decodeScript(origin, JSON.parse(text));
  } catch (cause) {
    return Result.fail(`${origin}: not JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
};
