import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Console, Effect, Result } from "effect";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { readArguments, USAGE } from "./arguments.ts";
import { SandboxError } from "./error.ts";
import { parseScript } from "./faults/read-script.ts";
import type { FaultReport } from "./faults/faulting.ts";
import type { FaultRule, FaultScript } from "./faults/script.ts";
import { makeSandbox, type Sandbox } from "./sandbox.ts";

const ruleName = (rule: FaultRule): string =>
  "chance" in rule ? `${rule.fault} with a chance of ${rule.chance}` : rule.fault;

const faultLine = ({ script, rules }: FaultReport): string =>
  script === undefined
    ? ""
    : `\nIT FAULTS: ${rules.length} ${rules.length === 1 ? "rule" : "rules"} (${
      script.rules.map(ruleName).join(", ")
    }), seed ${script.seed ?? 1}; DELETE /sandbox/faults makes it healthy\n`;

const banner = ({ url, apiKey, apiSecret, accessToken, description, selection, faults }: Sandbox): string =>
  `Kite sandbox: ${description}
${faultLine(faults())}
  KITE_ROOT=${url}
  KITE_LOGIN_ROOT=${url}
  KITE_API_KEY=${apiKey}
  KITE_API_SECRET=${apiSecret}
  KITE_ACCESS_TOKEN=${accessToken}

Try it:
  curl --compressed -H 'X-Kite-Version: 3' -H 'Authorization: token ${apiKey}:${accessToken}' ${url}/instruments/NSE
Log in: ${url}/connect/login?v=3&api_key=${apiKey}
Instruments to begin with: ${selection.slice(0, 4).join(", ")}, ...

Ctrl-C ends it.`;

const readScript = Effect.fnUntraced(function* (file: string): Effect.fn.Return<FaultScript, SandboxError> {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => new SandboxError({ message: `cannot read the fault script ${file}`, cause }),
  });
  return yield* Effect.fromResult(
    Result.mapError(parseScript(file, text), (message) => new SandboxError({ message })),
  );
});

const program = Effect.gen(function* () {
  const parsed = readArguments(process.argv.slice(2));
  if (parsed.kind === "help") return yield* Console.log(USAGE);
  if (parsed.kind === "wrong") {
    process.exitCode = 2;
    return yield* Console.error(`${parsed.message}\n\n${USAGE}`);
  }
  const { options, faultsFile } = parsed;
  const faults = faultsFile === undefined ? {} : { faults: yield* readScript(faultsFile) };
  yield* Console.log(banner(yield* makeSandbox({ ...options, ...faults })));
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

NodeRuntime.runMain(program, { disableErrorReporting: true });
