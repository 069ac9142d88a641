import { Retry, Setting } from "@candlewick/core";

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
  ...Retry.parameters("Tries for a dump that does not arrive whole"),
  confirmShrunk: Setting.flag({
    description:
      "Believe a dump from which an exchange is missing or has shrunk by more than half, and mark " +
      "what is missing as delisted",
  }),
};

export type Parameters = Setting.Values<typeof parameters>;
