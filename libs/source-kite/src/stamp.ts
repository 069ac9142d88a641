/** India's offset from UTC, in milliseconds; it has had no daylight saving since 1945. */
const IST = 19_800_000;

/** `yyyy-mm-dd hh:mm:ss` in India: what the API takes for `from` and `to`. The fraction of a second is dropped. */
export const formatStamp = (instant: number): string =>
  new Date(instant + IST).toISOString().slice(0, 19).replace("T", " ");

/** The first 06:00 in India after the instant: when access tokens die. */
export const nextSixInIndia = (instant: number): number => {
  const DAY = 86_400_000;
  const SIX = 21_600_000;
  const midnight = Math.floor((instant + IST) / DAY) * DAY - IST;
  return instant < midnight + SIX ? midnight + SIX : midnight + SIX + DAY;
};
