import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Console, Effect } from "effect";
import process from "node:process";
import { readArguments, USAGE } from "./arguments.ts";
import { makeSandbox, type Sandbox } from "./sandbox.ts";

const banner = ({ url, apiKey, apiSecret, accessToken, description, selection }: Sandbox): string =>
  `Kite sandbox: ${description}

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

const program = Effect.gen(function* () {
  const parsed = readArguments(process.argv.slice(2));
  if (parsed.kind === "help") return yield* Console.log(USAGE);
  if (parsed.kind === "wrong") {
    process.exitCode = 2;
    return yield* Console.error(`${parsed.message}\n\n${USAGE}`);
  }
  yield* Console.log(banner(yield* makeSandbox(parsed.options)));
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
