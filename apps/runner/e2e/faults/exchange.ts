import { Clock, Effect, Exit, Scope } from "effect";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestSandbox } from "../sandbox.ts";
import { folderOf } from "../workspace.ts";

/** One line of a fault script, as docs/kite-sandbox.md describes them. */
export interface Rule extends Readonly<Record<string, unknown>> {
  readonly fault: string;
}

export interface Script {
  readonly seed?: number;
  readonly rules: ReadonlyArray<Rule>;
}

/** A sandbox that can be told to fault. */
export interface Exchange extends TestSandbox {
  readonly setFaults: (script: Script | undefined) => void;
  readonly faults: () => { readonly rules: ReadonlyArray<{ readonly worked: number }> };
}

interface Module {
  readonly makeSandbox: (
    options: { readonly limits: "off" },
  ) => Effect.Effect<Exchange, Error, Scope.Scope>;
}

/** A sandbox in this process, without limits, whose date is the clock's. */
export const startExchange = async (
  clock: Clock.Clock = Clock.Clock.defaultValue(),
): Promise<Exchange & AsyncDisposable> => {
  const entry = pathToFileURL(join(folderOf("sandbox", "kite-sandbox"), "src/index.ts")).href;
  const { makeSandbox }: Module = await import(entry);
  const scope = Scope.makeUnsafe();
  const exchange = await Effect.runPromise(
    makeSandbox({ limits: "off" }).pipe(
      Scope.provide(scope),
      Effect.provideService(Clock.Clock, clock),
    ),
  );
  return Object.assign(exchange, {
    [Symbol.asyncDispose]: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  });
};
