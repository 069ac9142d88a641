import { Text } from "@candlewick/core";

/** A length of time for people: `340 ms`, `4.2 s`, `3 min 05 s`, `2 h 07 min`. */
export const duration = (millis: number): string => {
  const rounded = Math.max(0, Math.round(millis));
  if (rounded < 1_000) return `${rounded} ms`;
  if (rounded < 59_950) return `${(rounded / 1_000).toFixed(1)} s`;
  const seconds = Math.round(rounded / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
    : `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
};

/** A size for people: `840 bytes`, `1.2 MB`. */
export const sizeText = (bytes: number): string => {
  const [unit, size] =
    ([["GB", 1e9], ["MB", 1e6], ["KB", 1e3]] as const).find(([, least]) => bytes >= least) ??
      ["bytes", 1];
  return `${unit === "bytes" ? Text.number(bytes) : (bytes / size).toFixed(1)} ${unit}`;
};

/** Time left, no finer than a person cares to know: `8 s`, `3 min`, `2 h 10 min`. */
export const timeLeft = (millis: number): string => {
  const seconds = Math.ceil(Math.max(0, millis) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** Units per second, or per minute when they are few: `2.9/s`, `1,240/s`, `12/min`. */
export const rate = (perSecond: number): string => {
  if (perSecond >= 100) return `${Text.number(Math.round(perSecond))}/s`;
  if (perSecond >= 0.95) return `${perSecond.toFixed(1)}/s`;
  return `${(perSecond * 60).toFixed(perSecond * 60 < 9.5 ? 1 : 0)}/min`;
};

/** The text, or its beginning and `…` when it is wider than `width`. */
export const clip = (text: string, width: number): string =>
  text.length <= width
    ? text
    : width <= 1
    ? "…".slice(0, Math.max(0, width))
    : `${text.slice(0, width - 1)}…`;

/** The instant as ISO 8601 to the second, in UTC. */
export const instant = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;

/** Text in lines of at most `width`, broken between words. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
};
