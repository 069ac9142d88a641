import { Setting } from "@candlewick/core";

/** What a user tells Candlewick about their Kite Connect app. Environment: `KITE_API_KEY`, `KITE_ROOT` ... */
export const settings = {
  apiKey: Setting.optionalText({
    description: "API key of your Kite Connect app (https://developers.kite.trade)",
  }),
  apiSecret: Setting.secret({
    description: "API secret of the app; needed to log in, not to fetch",
  }),
  accessToken: Setting.secret({
    description: "Access token of today's session; `nx run runner:login` obtains one, it dies at 06:00 IST",
  }),
  root: Setting.url({
    description: "Address of the API",
    default: "https://api.kite.trade",
  }),
  loginRoot: Setting.url({
    description: "Address of the login page's host",
    default: "https://kite.zerodha.com",
  }),
  requestTimeout: Setting.duration({
    description: "How long to wait for an answer to begin, and then for each next piece of it",
    default: 30_000,
  }),
} satisfies Setting.Settings;

export type KiteSettings = Setting.Values<typeof settings>;
