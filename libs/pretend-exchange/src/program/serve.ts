import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Console, Effect, Result, type Scope } from "effect";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { SandboxError } from "../error.ts";
import type { FaultReport } from "../faults/faulting.ts";
import { parseScript } from "../faults/read-script.ts";
import type { FaultRule, FaultScript } from "../faults/script.ts";
import type { Running } from "../server/running.ts";
import type { Arguments } from "./arguments.ts";

/** A sandbox as a program of its own. */
export interface Program<Options, Sandbox extends Running> {
  readonly usage: string;
  readonly read: (args: ReadonlyArray<string>) => Arguments<Options>;
  readonly make: (
    options: Options & { readonly faults?: FaultScript },
  ) => Effect.Effect<Sandbox, SandboxError, Scope.Scope>;
  /** What it says of itself once it runs; `faults` is empty or a paragraph on what goes wrong. */
  readonly banner: (sandbox: Sandbox, faults: string) => string;
}

const ruleName = (rule: FaultRule): string =>
  "chance" in rule ? `${rule.fault} with a chance of ${rule.chance}` : rule.fault;

const faultLine = ({ script, rules }: FaultReport): string =>
  script === undefined
    ? ""
    : `\nIT FAULTS: ${rules.length} ${rules.length === 1 ? "rule" : "rules"} (${
      script.rules.map(ruleName).join(", ")
    }), seed ${script.seed ?? 1}; DELETE /sandbox/faults makes it healthy\n`;

const readScript = Effect.fnUntraced(function* (file: string): Effect.fn.Return<FaultScript, SandboxError> {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => new SandboxError({ message: `cannot read the fault script ${file}`, cause }),
  });
  return yield* Effect.fromResult(
    Result.mapError(parseScript(file, text), (message) => new SandboxError({ message })),
  );
});

/** Runs a sandbox until the process is told to end: exit code 2 for a wrong command line, 1 where it cannot start. */
export const runProgram = <Options, Sandbox extends Running>(program: Program<Options, Sandbox>): void => {
  const main = Effect.gen(function* () {
    const parsed = program.read(process.argv.slice(2));
    if (parsed.kind === "help") return yield* Console.log(program.usage);
    if (parsed.kind === "wrong") {
      process.exitCode = 2;
      return yield* Console.error(`${parsed.message}\n\n${program.usage}`);
    }
    const { options, faultsFile } = parsed;
    const faults = faultsFile === undefined ? {} : { faults: yield* readScript(faultsFile) };
    const sandbox = yield* program.make({ ...options, ...faults });
    yield* Console.log(program.banner(sandbox, faultLine(sandbox.faults())));
    return yield* Effect.never;
  }).pipe(
    Effect.scoped,
    Effect.catchTag("SandboxError", ({ message }) =>
      Effect.andThen(
        Console.error(message),
        Effect.sync(() => {
          process.exitCode = 1;
        }),
      )),
  );
  NodeRuntime.runMain(main, { disableErrorReporting: true });
};
