import type { RateLimiter, Source } from "@candlewick/core";
import { Clock, Effect } from "effect";
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Limiters stretch windows a little; twice their length is more than they ask for. */
const MARGIN = 2;

/** Above this many bytes a journal is rewritten without what is too old. */
const LARGE = 1_000_000;

const timesIn = (text: string, from: number): ReadonlyArray<number> =>
  text.split("\n").flatMap((line) => {
    const time = /^\d{13}$/.test(line) ? Number(line) : NaN;
    return time >= from ? [time] : [];
  }).sort((left, right) => left - right);

/**
 * The requests of one kind sent to a source, a line of epoch milliseconds each, in `<state>/pace/`: so limits of a
 * minute or an hour hold also for a run that follows one that was killed. Where the file cannot be read or written
 * the run goes on without it, and says so once.
 */
export const paceJournal = (
  state: string,
  source: string,
  kind: string,
  limits: ReadonlyArray<Source.RequestLimit>,
): RateLimiter.Journal => {
  const longest = Math.max(0, ...limits.map(({ millis }) => millis));
  const path = join(state, "pace", `${source}-${kind}.log`);
  let isUsable = true;
  const using = <A>(fallback: A, use: () => A): Effect.Effect<A> =>
    Effect.suspend(() => {
      if (!isUsable) return Effect.succeed(fallback);
      try {
        return Effect.succeed(use());
      } catch (cause) {
        isUsable = false;
        const why = cause instanceof Error ? cause.message : String(cause);
        return Effect.as(
          Effect.logWarning(
            `requests are not noted in ${path}, so a run soon after this one may ask too often: ${why}`,
          ),
          fallback,
        );
      }
    });
  return {
    past: Effect.flatMap(Clock.currentTimeMillis, (now) =>
      using([], () => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        appendFileSync(path, "", { mode: 0o600 });
        const text = readFileSync(path, "utf8");
        const times = timesIn(text, now - MARGIN * longest);
        if (text.length > LARGE && times.length * 14 < text.length / 2) {
          writeFileSync(`${path}.draft`, times.map((time) => `${time}\n`).join(""), { mode: 0o600 });
          renameSync(`${path}.draft`, path);
        }
        return times;
      })),
    note: (time) => using(undefined, () => appendFileSync(path, `${time}\n`)),
  };
};
