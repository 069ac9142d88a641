import { Cause, Logger } from "effect";
import type { Screen } from "../display/Screen.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** A log message's parts as one text. */
export const textOf = (message: unknown): string =>
  (Array.isArray(message) ? message : [message]).map((part) =>
    typeof part === "string" ? part : part instanceof Error ? part.message : JSON.stringify(part)
  ).join(" ");

/** Log lines for people, above the progress: the time, the level where it matters, the message. */
export const consoleLogger = (screen: Screen): Logger.Logger<unknown, void> =>
  Logger.make(({ message, logLevel, cause, date }) => {
    const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    const level = logLevel === "Info" ? "" : `${logLevel.toLowerCase()}: `;
    screen.print(`${time} ${level}${textOf(message)}`);
    if (cause.reasons.length > 0 && !Cause.hasInterruptsOnly(cause)) {
      for (const line of Cause.pretty(cause).split("\n")) screen.print(`  ${line}`);
    }
  });
