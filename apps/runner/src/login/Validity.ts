const dayAndTime = (instant: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(instant);

const offset = (instant: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" }).formatToParts(instant)
    .find(({ type }) => type === "timeZoneName")?.value ?? "";

/**
 * When something ends, in the market's time and, where clocks show another time there, in the user's:
 * `Sat, 10 Jan 2026, 06:00 Asia/Kolkata (Sat, 10 Jan 2026, 00:30 UTC)`.
 */
export const inBothZones = (instant: number, market: string, local: string): string => {
  const there = `${dayAndTime(instant, market)} ${market}`;
  return offset(instant, market) === offset(instant, local)
    ? there
    : `${there} (${dayAndTime(instant, local)} ${local})`;
};
