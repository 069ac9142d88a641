/** A variable's value and where it is set. */
export interface Variable {
  readonly value: string;
  readonly origin: string;
}

/** Variables by name: the environment first, then `.env`. Variables set to nothing count as not set. */
export type Variables = (name: string) => Variable | undefined;

export const make = (
  environment: (name: string) => string | undefined,
  dotEnv: Readonly<Record<string, string>>,
): Variables =>
(name) => {
  const value = environment(name);
  const fromFile = Object.hasOwn(dotEnv, name) ? dotEnv[name] : undefined;
  // The launcher hands values of .env on through the environment; an equal value stems from the file.
  if (fromFile !== undefined && (value === undefined || value === "" || value === fromFile)) {
    return { value: fromFile, origin: `.env: ${name}` };
  }
  return value === undefined || value === "" ? undefined : { value, origin: `environment variable ${name}` };
};

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export type Substituted = { readonly value: unknown } | { readonly missing: string };

/** Puts variables in for `${NAME}` in every text of a JSON value; says which name is not set. */
export const substitute = (value: unknown, variables: Variables): Substituted => {
  let missing: string | undefined;
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") {
      return part.replaceAll(REFERENCE, (_, name: string) => {
        const variable = variables(name);
        if (variable === undefined) missing ??= name;
        return variable?.value ?? "";
      });
    }
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part === "object" && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
    }
    return part;
  };
  const result = walk(value);
  return missing === undefined ? { value: result } : { missing };
};
