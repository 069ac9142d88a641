import { type Completeness, Text } from "@candlewick/core";

/** `answered empty`, `failed after 8 tries: HTTP 503`. */
export const reasonText = ({ error, reason, tries }: Completeness.Hole): string =>
  error === undefined ? reason : `${reason} after ${Text.count(tries ?? 0, "try", "tries")}: ${error}`;

/** `2025-01-09`, `2025-01-09 to 2025-01-14 (4 sessions)`. */
const daysText = ({ from, sessions, to }: Completeness.Hole): string =>
  from === to ? from : `${from} to ${to}${sessions === null ? "" : ` (${Text.count(sessions, "session")})`}`;

/** A hole in a sentence: `2025-01-09 answered empty`. */
export const holeText = (hole: Completeness.Hole): string => `${daysText(hole)} ${reasonText(hole)}`;
