import { Effect } from "effect";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { attempt } from "./files.ts";
import type { Layout } from "./layout.ts";
import { tryLock } from "./locks.ts";

/*
 * The users of a server are counted by a lock that each holds shared for as long as it lives. Only who holds the
 * control lock ever asks for it exclusively.
 */

/** What a user of the server holds; closing it ends the use. */
export type Enrolment = Deno.FsFile;

/** Becomes a user. Hold the control lock. */
export const enrol = (layout: Layout): Effect.Effect<Enrolment, EmbeddedPostgresError> =>
  Effect.flatMap(
    tryLock(layout.users, "shared"),
    (file) =>
      file === undefined
        ? Effect.fail(failure("busy", `Another program has locked ${layout.users}`, "End that program"))
        : Effect.succeed(file),
  );

/** Whether there is no other user. Hold the control lock. */
export const isAlone = (
  layout: Layout,
  enrolment: Enrolment,
): Effect.Effect<boolean, EmbeddedPostgresError> =>
  attempt("lock", layout.users, async () => {
    // Windows cannot turn a shared lock into an exclusive one.
    await enrolment.unlock();
    const alone = await enrolment.tryLock(true);
    if (alone) await enrolment.unlock();
    await enrolment.tryLock(false);
    return alone;
  }).pipe(Effect.uninterruptible);

/** Whether there is any user. Hold the control lock. */
export const hasUsers = (layout: Layout): Effect.Effect<boolean, EmbeddedPostgresError> =>
  Effect.map(tryLock(layout.users, "exclusive"), (file) => {
    file?.close();
    return file === undefined;
  });
