import { Effect, Exit, Scope } from "effect";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "./workspace.ts";

/** A request that the sandbox got, and the status it answered. */
export interface Asked {
  readonly route: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
}

/** What these tests use of the sandbox; they may not import it, as the runner imports no plugin by name. */
export interface TestSandbox {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly accessToken: string;
  readonly selection: ReadonlyArray<string>;
  readonly login: () => string;
  readonly killToken: () => void;
  readonly log: () => ReadonlyArray<Asked>;
  readonly clear: () => void;
}

interface Options {
  /** The invented market, unless a folder is replayed. */
  readonly mode?: { readonly kind: "replay"; readonly folder: string; readonly date: string };
  readonly limits?: "vendor" | "off";
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** Asked for each request before it is looked at otherwise. */
  readonly fault?: (request: { readonly route: string; readonly routeOrdinal: number }) => unknown;
}

interface Module {
  readonly makeSandbox: (options: Options) => Effect.Effect<TestSandbox, Error, Scope.Scope>;
}

/** A sandbox in this process, until it is disposed of. */
export const startSandbox = async (options: Options = {}): Promise<TestSandbox & AsyncDisposable> => {
  const entry = pathToFileURL(join(folderOf("sandbox", "kite-sandbox"), "src/index.ts")).href;
  const { makeSandbox }: Module = await import(entry);
  const scope = Scope.makeUnsafe();
  const sandbox = await Effect.runPromise(Scope.provide(scope)(makeSandbox({ limits: "off", ...options })));
  return Object.assign(sandbox, {
    [Symbol.asyncDispose]: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  });
};
