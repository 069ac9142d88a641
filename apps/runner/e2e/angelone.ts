import { Effect, Exit, Scope } from "effect";
import { sandboxProcess } from "./workspace.ts";

const settings = {
  ANGELONE_ROOT: "root",
  ANGELONE_MASTER_ROOT: "masterRoot",
  ANGELONE_API_KEY: "apiKey",
  ANGELONE_CLIENT_CODE: "clientCode",
  ANGELONE_PIN: "pin",
  ANGELONE_TOTP_SECRET: "totpSecret",
} as const;

/** Angel One's sandbox in a process of its own. */
export interface AngelOne {
  /** What a user of it would set. */
  readonly environment: Readonly<Record<keyof typeof settings, string>>;
  readonly close: () => Promise<void>;
}

export const startAngelOne = async (...args: ReadonlyArray<string>): Promise<AngelOne> => {
  const scope = Scope.makeUnsafe();
  const told = await Effect.runPromise(Scope.provide(sandboxProcess("angelone-sandbox", args), scope));
  const environment = Object.entries(settings).map(([variable, setting]) => [variable, told[setting]!]);
  return {
    environment: Object.fromEntries(environment) as AngelOne["environment"],
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  };
};
