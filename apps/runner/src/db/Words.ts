import { type Keeper, MarketTime } from "@candlewick/core";
import { duration, sizeText } from "../display/Format.ts";

/** An instant as the clocks of a market show it: `2026-11-21 15:45 Asia/Kolkata`. */
export const moment = (instant: number, timeZone: string): string => {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(
    instant,
  );
  return `${MarketTime.dayOf(instant, timeZone)} ${time} ${timeZone}`;
};

const DAY = 86_400_000;

/** `3 min 05 s ago`, `12 days ago`. */
export const ago = (instant: number, now: number): string =>
  now - instant < 2 * DAY
    ? `${duration(now - instant)} ago`
    : `${Math.floor((now - instant) / DAY)} days ago`;

/** `20261121T101500Z (2026-11-21 15:45 Asia/Kolkata, 3 min 05 s ago, 4.1 MB)`. */
export const backupText = ({ bytes, madeAt, name }: Keeper.Backup, timeZone: string, now: number): string =>
  `${name} (${moment(madeAt, timeZone)}, ${ago(madeAt, now)}, ${sizeText(bytes)})`;

/** A backup for programs. */
export const backupJson = ({ bytes, madeAt, name, path, tables }: Keeper.Backup) => ({
  name,
  path,
  madeAt: new Date(madeAt).toISOString(),
  bytes,
  tables,
});
