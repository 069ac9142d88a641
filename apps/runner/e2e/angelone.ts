import { Effect, Exit, Scope } from "effect";
import { afterAll, beforeAll } from "vitest";
import { sandboxProcess } from "./workspace.ts";

const settings = {
  ANGELONE_ROOT: "root",
  ANGELONE_MASTER_ROOT: "masterRoot",
  ANGELONE_API_KEY: "apiKey",
  ANGELONE_CLIENT_CODE: "clientCode",
  ANGELONE_PIN: "pin",
  ANGELONE_TOTP_SECRET: "totpSecret",
} as const;

/** Angel One's sandbox in a process of its own, for all tests of a file; what a user of it would set, by variable. */
export const angelOneSandbox = (
  ...args: ReadonlyArray<string>
): () => Record<keyof typeof settings, string> => {
  let scope: Scope.Closeable;
  let told: Readonly<Record<string, string>>;
  beforeAll(async () => {
    scope = Scope.makeUnsafe();
    told = await Effect.runPromise(Scope.provide(sandboxProcess("angelone-sandbox", args), scope));
  });
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)));
  return () =>
    Object.fromEntries(
      Object.entries(settings).map(([variable, setting]) => [variable, told[setting]!]),
    ) as Record<keyof typeof settings, string>;
};
