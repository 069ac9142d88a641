import type { Backend } from "./database.ts";

/** What a program was about when it was stopped, in the order of a run. */
export const phases = [
  "start",
  "ensure",
  "planning",
  "requests",
  "copy",
  "write",
  "commit",
  "end",
] as const;

export type Phase = typeof phases[number];

/** Reads the phase from the statements of a program's connections and what it has said at log level debug. */
export const phaseOf = (backends: ReadonlyArray<Backend>, said: string): Phase => {
  const writing = backends.filter(({ inTransaction }) => inTransaction);
  const runs = (pattern: RegExp) =>
    writing.some(({ query, state }) => state === "active" && pattern.test(query.trimStart()));
  if (runs(/^commit/i)) return "commit";
  if (runs(/^copy\b.*\bfrom stdin/is)) return "copy";
  if (/: (fetch|store) (done|failed)/.test(said)) return "end";
  const started = (task: string) => new RegExp(`: ${task} started`).test(said);
  const isWrite = /^(with|insert|merge|update|delete|copy|create temporary|truncate)\b/i;
  if (started("fetch") || started("store")) {
    return writing.some(({ query }) => isWrite.test(query.trimStart())) ? "write" : "requests";
  }
  if (/: prepare done/.test(said) && (started("plan") || started("authenticate"))) return "planning";
  // Tables are looked at even before the first task, to learn what must run first.
  if (
    started("prepare") || writing.some(({ query }) => /^(create|alter|comment)\b/i.test(query.trimStart()))
  ) {
    return "ensure";
  }
  return "start";
};
