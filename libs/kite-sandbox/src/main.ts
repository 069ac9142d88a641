import { runProgram } from "@candlewick/pretend-exchange/program";
import { readArguments, USAGE } from "./arguments.ts";
import { makeSandbox, type Sandbox } from "./sandbox.ts";

const banner = (
  { url, apiKey, apiSecret, accessToken, description, selection }: Sandbox,
  faults: string,
): string =>
  `Kite sandbox: ${description}
${faults}
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

runProgram({ usage: USAGE, read: readArguments, make: makeSandbox, banner });
