import { recordingsOf } from "@candlewick/vendor-http/testing";

const { bytes, present, text } = recordingsOf("angelone");

export const recordings = {
  present,
  /** The whole scrip master of September 2025, compressed. */
  master: (): Uint8Array => bytes("OpenAPIScripMaster.json.gz"),
  /** The documented sample of candles. */
  candles: (): string => text("getCandleData.json"),
};
