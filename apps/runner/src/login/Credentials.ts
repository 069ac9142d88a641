import { Effect, Option, Redacted, Schema } from "effect";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { exposure, hasModes } from "../config/Exposure.ts";
import { ExitCode, Refusal, refuse } from "../Refusal.ts";

/** What a login brought. */
export interface Credential {
  readonly credential: Redacted.Redacted<string>;
  /** Epoch milliseconds at which the vendor stops taking it. */
  readonly expires: number;
}

/** The file of a source's login, and what a user should know of it. */
export interface Kept {
  readonly path: string;
  readonly credential: Option.Option<Credential>;
  readonly warnings: ReadonlyArray<string>;
}

/** Where the login of a source is kept; `state` is the project's folder for its own files. */
export const pathOf = (state: string, source: string): string => join(state, "credentials", `${source}.json`);

const File = Schema.fromJsonString(Schema.Struct({
  credential: Schema.NonEmptyString,
  expires: Schema.Int,
}));

const decode = Schema.decodeUnknownOption(File);

const reasonOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause);

const write = (path: string, text: string): void => {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (hasModes) chmodSync(folder, 0o700);
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = openSync(draft, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
};

/** Keeps a login in place of an earlier one, whole or not at all, readable by its owner alone. */
export const store = (
  state: string,
  source: string,
  { credential, expires }: Credential,
): Effect.Effect<string, Refusal> => {
  const path = pathOf(state, source);
  return Effect.try({
    try: () => {
      write(path, `${JSON.stringify({ credential: Redacted.value(credential), expires })}\n`);
      return path;
    },
    catch: (cause) =>
      new Refusal({
        problems: [`the login cannot be kept in ${path}: ${reasonOf(cause)}`],
        code: ExitCode.failed,
      }),
  });
};

/** Drops the login that is kept for a source, if there is one. */
export const remove = (state: string, source: string): Effect.Effect<void> =>
  Effect.ignore(Effect.try(() => rmSync(pathOf(state, source), { force: true })));

const readIfPresent = (path: string): { readonly text: string; readonly mode: number } | undefined => {
  try {
    return { text: readFileSync(path, "utf8"), mode: statSync(path).mode };
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
};

const remedy = (path: string) => `delete ${path}, then log in again`;

/** The login that is kept for a source, expired or not. Fails when its file cannot be used. */
export const read = (state: string, source: string): Effect.Effect<Kept, Refusal> =>
  Effect.gen(function* () {
    const path = pathOf(state, source);
    const file = yield* Effect.try({
      try: () => readIfPresent(path),
      catch: (cause) => refuse(`the kept login cannot be read: ${reasonOf(cause)}; ${remedy(path)}`),
    });
    if (file === undefined) return { path, credential: Option.none(), warnings: [] };
    const decoded = decode(file.text);
    if (Option.isNone(decoded)) {
      return yield* refuse(
        `${path} holds no login: expected JSON with "credential" and "expires"; ${remedy(path)}`,
      );
    }
    const { credential, expires } = decoded.value;
    return {
      path,
      credential: Option.some({ credential: Redacted.make(credential), expires }),
      warnings: [exposure(path, file.mode)].filter((warning) => warning !== undefined),
    };
  });
