import { Effect, Redacted } from "effect";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { readText, writePrivate } from "./files.ts";
import type { Layout } from "./layout.ts";

/** The role that owns everything in the embedded server. */
export const ROLE = "candlewick";

/** 256 random bits in letters, digits, `-` and `_`: nothing that a password file or a URL would have to escape. */
const randomPassword = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Makes a new password and stores it where psql can use it too. */
export const createPassword = Effect.fnUntraced(function* (
  layout: Layout,
): Effect.fn.Return<Redacted.Redacted<string>, EmbeddedPostgresError> {
  const password = yield* Effect.sync(randomPassword);
  yield* writePrivate(layout.pgpass, `127.0.0.1:*:*:${ROLE}:${password}\n`);
  return Redacted.make(password);
});

/** The stored password. */
export const readPassword = Effect.fnUntraced(function* (
  layout: Layout,
): Effect.fn.Return<Redacted.Redacted<string>, EmbeddedPostgresError> {
  const [, password] = /^[^:]*:[^:]*:[^:]*:[^:]*:([\w-]+)$/m.exec((yield* readText(layout.pgpass)) ?? "") ??
    [];
  if (password === undefined) {
    return yield* failure(
      "password",
      `The password of the embedded database is not in ${layout.pgpass}`,
      `Restore that file, move ${layout.root} away to begin anew`,
    );
  }
  return Redacted.make(password);
});
