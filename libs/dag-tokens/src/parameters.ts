import { Retry, Setting } from "@candlewick/core";

export const parameters = {
  exchange: Setting.text({
    description: "Exchange of the derivatives",
    default: "NFO",
    placeholder: "NFO",
  }),
  cashExchange: Setting.text({
    description: "Exchange of the equities that they are written on",
    default: "NSE",
    placeholder: "NSE",
  }),
  expiry: Setting.optionalDay({
    description: "Expiry that is taken; by default the nearest one of stock futures, today included",
  }),
  force: Setting.flag({
    description: "Fetch the instrument master and derive the tokens again, though today's are stored",
    default: false,
  }),
  ...Retry.parameters("Tries when the store fails for a passing reason"),
};

export type Parameters = Setting.Values<typeof parameters>;
