import { Setting } from "@candlewick/core";

/** What a user tells Candlewick about their SmartAPI app and account. Environment: `ANGELONE_API_KEY` ... */
export const settings = {
  apiKey: Setting.secret({
    description: "API key of your SmartAPI app (https://smartapi.angelone.in)",
  }),
  clientCode: Setting.optionalText({
    description: "Client code of your Angel One account",
  }),
  pin: Setting.secret({
    description: "PIN of the account",
  }),
  totpSecret: Setting.secret({
    description: "Secret of the time-based codes, as shown when TOTP was enabled; not a code itself",
  }),
  root: Setting.url({
    description: "Address of the API",
    default: "https://apiconnect.angelone.in",
  }),
  masterRoot: Setting.url({
    description: "Address of the host that has the scrip master",
    default: "https://margincalculator.angelone.in",
  }),
  localIp: Setting.text({
    description: "What the API is told of this machine: its local address",
    default: "127.0.0.1",
  }),
  publicIp: Setting.text({
    description: "What the API is told of this machine: its public address",
    default: "127.0.0.1",
  }),
  macAddress: Setting.text({
    description: "What the API is told of this machine: its hardware address",
    default: "00:00:00:00:00:00",
  }),
  requestTimeout: Setting.duration({
    description: "How long to wait for an answer to begin, and then for each next piece of it",
    default: 30_000,
  }),
} satisfies Setting.Settings;

export type AngelOneSettings = Setting.Values<typeof settings>;
