import { Plugin } from "@candlewick/core";
import { sessionOf } from "@candlewick/pretend-exchange";
import { makeSandbox } from "./sandbox.ts";

const ID = "kite-sandbox";

/** The pretend exchange the runner starts when no Kite credentials are given. */
export default Plugin.sandbox({
  id: ID,
  for: "kite",
  summary: "A pretend exchange that speaks Kite Connect's HTTP API, with an invented market",
  acquire: sessionOf(
    ID,
    makeSandbox(),
    ({ url, apiKey, apiSecret, accessToken }) => ({
      root: url,
      loginRoot: url,
      apiKey,
      apiSecret,
      accessToken,
    }),
  ),
});
