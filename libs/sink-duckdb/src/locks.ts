import type { Sink } from "@candlewick/core";
import { Effect } from "effect";
import type { Database } from "./database/Database.ts";

/** Named locks: a table of names in this process is enough, for the file's own lock keeps all others out. */
export const makeTryLock = ({ locks }: Database): Sink.Sink["Service"]["tryLock"] => (name) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      if (locks.has(name)) return undefined;
      locks.add(name);
      return { lost: Effect.never };
    }),
    (lock) => Effect.sync(() => lock !== undefined && locks.delete(name)),
  );
