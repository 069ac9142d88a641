import { PluginError } from "@candlewick/core";
import { Cause, Logger, References } from "effect";
import type { LogLevel } from "../config/ConfigFile.ts";
import type { Paint } from "../display/Style.ts";

/** Annotation of entries that would flood a console. */
export const FILE_ONLY = "fileOnly";

const RANKS: Readonly<Record<string, number>> = { Trace: 0, Debug: 1, Info: 2, Warn: 3, Error: 4, Fatal: 5 };
const LEAST: Readonly<Record<LogLevel, number>> = { debug: 1, info: 2, warn: 3, error: 4 };

const two = (value: number): string => String(value).padStart(2, "0");

const partText = (part: unknown): string => {
  if (typeof part === "string") return part;
  return part instanceof Error ? part.message : JSON.stringify(part) ?? String(part);
};

/** A log entry's message as one text, and the causes that stand among its parts or beside it. */
export const partsOf = (
  { message, cause }: Pick<Logger.Options<unknown>, "message" | "cause">,
): { readonly text: string; readonly causes: ReadonlyArray<Cause.Cause<unknown>> } => {
  const parts: ReadonlyArray<unknown> = Array.isArray(message) ? message : [message];
  return {
    text: parts.filter((part) => !Cause.isCause(part)).map(partText).join(" "),
    causes: [...parts.filter(Cause.isCause), cause].filter(({ reasons }) => reasons.length > 0),
  };
};

/** A failure whose message says all a user needs; the rest is a fault of the program, and its stack counts. */
const isExpected = (cause: Cause.Cause<unknown>): boolean =>
  Cause.hasInterruptsOnly(cause) || PluginError.isPluginError(Cause.squash(cause));

/**
 * Log lines for people: the time of day, the level where it matters, the message. Entries below `level` are left
 * out. The stack of an error is shown at `debug`, and for faults of the program always.
 */
export const consoleLogger = (
  print: (text: string) => void,
  level: LogLevel,
  paint: Paint,
): Logger.Logger<unknown, void> =>
  Logger.make((entry) => {
    const { logLevel, date, fiber } = entry;
    if (RANKS[logLevel]! < LEAST[level] || FILE_ONLY in fiber.getRef(References.CurrentLogAnnotations)) {
      return;
    }
    const time = paint("dim", [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":"));
    const { text, causes } = partsOf(entry);
    const line = RANKS[logLevel]! >= RANKS["Error"]!
      ? paint("red", `error: ${text}`)
      : logLevel === "Warn"
      ? paint("yellow", `warning: ${text}`)
      : logLevel === "Debug"
      ? paint("dim", text)
      : text;
    print(`${time} ${line}`);
    for (const cause of causes) {
      if (level === "debug" || !isExpected(cause)) print(Cause.pretty(cause).replaceAll(/^/gm, "  "));
    }
  });
