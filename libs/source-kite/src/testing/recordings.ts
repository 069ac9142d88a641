import { recordingsOf } from "@candlewick/vendor-http/testing";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const recorded = recordingsOf("kite");

export const recordings = {
  ...recorded,
  /** Every recorded candle answer: the series by token, and the official samples. */
  candleFiles: (): ReadonlyArray<string> => {
    const series = readdirSync(join(recorded.folder, "historical"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) =>
        readdirSync(join(recorded.folder, "historical", entry.name)).map((file) =>
          `historical/${entry.name}/${file}`
        )
      );
    return [
      ...series,
      "mocks/historical_minute.json",
      "mocks/historical_oi.json",
      "mocks/2017/historical_minute.json",
    ].sort();
  },
};
