import { Effect } from "effect";
import { type DatabaseError, withMeaning } from "../DatabaseError.ts";

/*
 * Damage inside a file shows when the damaged place is read. A run that meets it leaves a note beside the file, and
 * whoever opens the file next reads all of it before anything is done with it.
 */

const noteOf = (path: string): string => `${path}.suspect`;

/** Notes that a database file is probably damaged, and how that was seen. */
export const suspect = (path: string, why: string): void => {
  try {
    Deno.writeTextFileSync(noteOf(path), `${why}\n`, { mode: 0o600 });
  } catch {
    // The run ends with the error itself.
  }
};

/** What was noted of a file; `undefined` for nothing. */
export const suspicionOf = (path: string): Effect.Effect<string | undefined> =>
  Effect.promise(() => Deno.readTextFile(noteOf(path)).then((text) => text.trim(), () => undefined));

export const clear = (path: string): Effect.Effect<void> =>
  Effect.promise(() => Deno.remove(noteOf(path)).catch(() => undefined));

/** DuckDB serves nobody any more, and another cause than a full disk or too little memory was seen. */
const isInvalidated = ({ fault, message }: DatabaseError): boolean =>
  fault !== "capacity" && /database has been invalidated/i.test(message);

/**
 * Looks at the errors of an open database. Damage is noted for the next who opens the file, and ends the run: no other
 * unit of work would fare better.
 */
export const watching = (path: string) => (error: DatabaseError): DatabaseError => {
  if (error.kind !== "corrupt" && !isInvalidated(error)) return error;
  suspect(path, error.message);
  return withMeaning(
    error,
    "damage",
    `${path} is damaged: ${error.message}; the next run sets it aside and rebuilds what can be rebuilt`,
  );
};
