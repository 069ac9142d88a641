import { Plugin } from "@candlewick/core";
import { sessionOf } from "@candlewick/pretend-exchange";
import { makeSandbox } from "./sandbox.ts";

const ID = "angelone-sandbox";

/** The pretend exchange the runner starts when no Angel One credentials are given. */
export default Plugin.sandbox({
  id: ID,
  for: "angelone",
  summary: "A pretend exchange that speaks Angel One's HTTP API, with an invented market",
  acquire: sessionOf(
    ID,
    makeSandbox(),
    ({ url, apiKey, clientCode, pin, totpSecret }) => ({
      root: url,
      masterRoot: url,
      apiKey,
      clientCode,
      pin,
      totpSecret,
    }),
  ),
});
