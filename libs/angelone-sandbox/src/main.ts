import { runProgram } from "@candlewick/pretend-exchange/program";
import { readArguments, USAGE } from "./arguments.ts";
import { makeSandbox, type Sandbox } from "./sandbox.ts";

const banner = (
  { url, apiKey, clientCode, pin, totpSecret, description, selection }: Sandbox,
  faults: string,
): string =>
  `Angel One sandbox: ${description}
${faults}
  ANGELONE_ROOT=${url}
  ANGELONE_MASTER_ROOT=${url}
  ANGELONE_API_KEY=${apiKey}
  ANGELONE_CLIENT_CODE=${clientCode}
  ANGELONE_PIN=${pin}
  ANGELONE_TOTP_SECRET=${totpSecret}

Try it:
  curl --compressed ${url}/OpenAPI_File/files/OpenAPIScripMaster.json
Instruments to begin with: ${selection.slice(0, 4).join(", ")}, ...

Ctrl-C ends it.`;

runProgram({ usage: USAGE, read: readArguments, make: makeSandbox, banner });
