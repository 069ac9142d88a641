/**
 * All text that can be reached from a value, whatever hides it: properties that are not listed, maps, causes of
 * errors. `Redacted` values keep theirs out of reach, as they must.
 */
export const textOf = (value: unknown): string => {
  const found: Array<string> = [];
  const visited = new Set<object>();
  const waiting: Array<unknown> = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") found.push(next);
    if (typeof next !== "object" && typeof next !== "function" || next === null || visited.has(next)) {
      continue;
    }
    visited.add(next);
    if (next instanceof Map) waiting.push(...next.keys(), ...next.values());
    if (next instanceof Set) waiting.push(...next);
    if (next instanceof Headers) waiting.push(...next.keys(), ...next.values());
    if (next instanceof Error) found.push(String(next.stack));
    for (const name of Reflect.ownKeys(next)) {
      const property = Reflect.getOwnPropertyDescriptor(next, name);
      // A getter may do anything; what it shows is reached through what it reads.
      if (property !== undefined && "value" in property) waiting.push(String(name), property.value);
    }
  }
  return found.join("\n");
};
