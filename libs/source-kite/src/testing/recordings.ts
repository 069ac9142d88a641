import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

const folder = join(
  process.env["CANDLEWICK_SHARED"] ?? join(repository, "..", "shared"),
  "recordings",
  "kite",
);

/** Recorded answers of the real API lie beside the repository, never in it. */
export const recordings = {
  present: existsSync(folder),
  bytes: (path: string): Uint8Array => readFileSync(join(folder, path)),
  text: (path: string): string => readFileSync(join(folder, path), "utf8"),
  /** Every recorded candle answer: the series by token, and the official samples. */
  candleFiles: (): ReadonlyArray<string> => {
    const series = readdirSync(join(folder, "historical"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) =>
        readdirSync(join(folder, "historical", entry.name)).map((file) => `historical/${entry.name}/${file}`)
      );
    return [
      ...series,
      "mocks/historical_minute.json",
      "mocks/historical_oi.json",
      "mocks/2017/historical_minute.json",
    ].sort();
  },
};

/** Said in the title of what is skipped without them. */
export const NEEDS_RECORDINGS = "(needs ../shared/recordings)";
