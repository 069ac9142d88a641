import { Effect, type Redacted } from "effect";

/** What a login brought to a source that logs in by itself. */
export interface Login {
  /** By the source's own names: access token, refresh token ... */
  readonly tokens: Readonly<Record<string, Redacted.Redacted<string>>>;
  /** Epoch milliseconds at which the vendor stops taking the first of them. */
  readonly expires: number;
}

/**
 * Where the login of a source is kept from run to run, readable by the user alone. Processes share it: a login that
 * another one made is found here. Neither operation fails; what cannot be kept is said in the log, and the source logs
 * in again next time.
 */
export interface KeptLogin {
  /** The login kept last, expired or not. */
  readonly load: Effect.Effect<Login | undefined>;
  /** Keeps a login in place of the one before it; `undefined` drops that. */
  readonly save: (login: Login | undefined) => Effect.Effect<void>;
}

/** A login kept for the life of a process: for a pretended vendor, and for tests. */
export const inMemory = (login?: Login): KeptLogin => {
  let kept = login;
  return {
    load: Effect.sync(() => kept),
    save: (next) => Effect.sync(() => void (kept = next)),
  };
};
