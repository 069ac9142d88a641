import { Setting } from "@candlewick/core";

export const parameters = {
  exchanges: Setting.list({
    description:
      "Exchanges to fetch, one request each unless the vendor only gives all of them in one; by default all",
    placeholder: "NSE,NFO",
  }),
  batchSize: Setting.int({
    description: "Most rows handed to the store at a time",
    default: 5_000,
    min: 1,
    max: 100_000,
  }),
  retryAttempts: Setting.int({
    description: "Tries for a dump that does not arrive whole",
    default: 4,
    min: 1,
    max: 20,
  }),
  retryDelay: Setting.duration({
    description: "Pause before the second try; doubles with each further one",
    default: 1_000,
  }),
  confirmShrunk: Setting.flag({
    description:
      "Believe a dump from which an exchange is missing or has shrunk by more than half, and mark " +
      "what is missing as delisted",
  }),
};

export type Parameters = Setting.Values<typeof parameters>;
