import { Plugin, Setting } from "@candlewick/core";
import { Effect } from "effect";

const parameters = {
  size: Setting.int({ description: "A number", default: 1 }),
  words: Setting.list({ description: "Words", default: ["none"] }),
  needsFirst: Setting.flag({ description: "Ask for first to run now" }),
};

export default Plugin.dag({
  id: "second",
  summary: "Comes after first",
  parameters,
  needs: [],
  after: ["first"],
  prerequisites: ({ needsFirst }) => Effect.succeed(needsFirst ? ["first"] : []),
  plan: () => Effect.succeed({ headline: "Would do little", requests: 0, seconds: 0, tables: [], notes: [] }),
  run: ({ size, words }) =>
    Effect.succeed({
      outcome: "done" as const,
      headline: `size ${size}, words ${words.join(" ")}`,
      counts: { size },
      tables: [],
      failures: [],
      notes: [],
    }),
});
