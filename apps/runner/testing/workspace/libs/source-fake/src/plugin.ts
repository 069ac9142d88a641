import { Plugin, PluginError, Setting, type Source } from "@candlewick/core";
import { Effect, Redacted, Stream } from "effect";

const settings = {
  user: Setting.optionalText({ description: "Who asks" }),
  key: Setting.secret({ description: "The key" }),
  root: Setting.url({ description: "Address", default: "https://fake.example" }),
};

const info: Source.SourceInfo = {
  id: "fake",
  name: "Fake Exchange",
  timeZone: "Asia/Kolkata",
  tokenType: "int64",
  exchanges: ["NSE"],
  dump: { holds: "exchange", readyAt: "08:30" },
  limits: { instruments: [], candles: [] },
  coolDown: 1_000,
  daysPerRequest: {},
  earliest: {},
  adjustedFor: [],
  hosts: ["fake.example"],
};

export default Plugin.source({
  id: "fake",
  summary: "A source that answers nothing",
  settings,
  credentials: ["user", "key"],
  howToLogIn: "set FAKE_USER and FAKE_KEY",
  info: () => info,
  make: ({ key, user }) =>
    Effect.succeed({
      session: {
        info,
        // The message repeats the key, as careless libraries do.
        authenticate: key === undefined || Redacted.value(key) === "pretend-key" ? Effect.void : Effect.fail(
          new PluginError.PluginError({
            plugin: "fake",
            operation: "authenticate",
            reason: new PluginError.Unauthorized({
              message: `${user} may not enter with ${Redacted.value(key)}`,
              hint: "log in again",
            }),
          }),
        ),
      },
      instruments: { instruments: () => Stream.empty },
    }),
});
