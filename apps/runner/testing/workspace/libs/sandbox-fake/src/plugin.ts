import { Plugin } from "@candlewick/core";
import { Effect } from "effect";

export default Plugin.sandbox({
  id: "fake-sandbox",
  for: "fake",
  summary: "A pretend fake",
  acquire: Effect.succeed({
    settings: { user: "nobody", key: "pretend-key", root: "http://127.0.0.1:1" },
    parameters: { second: { size: 7 } },
    description: "nothing but air",
  }),
});
