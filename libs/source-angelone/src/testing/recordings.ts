import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

const folder = join(
  process.env["CANDLEWICK_SHARED"] ?? join(repository, "..", "shared"),
  "recordings",
  "angelone",
);

/** Recorded answers of the real API lie beside the repository, never in it. */
export const recordings = {
  present: existsSync(folder),
  /** The whole scrip master of September 2025, compressed. */
  master: (): Uint8Array => readFileSync(join(folder, "OpenAPIScripMaster.json.gz")),
  /** The documented sample of candles. */
  candles: (): string => readFileSync(join(folder, "getCandleData.json"), "utf8"),
};

/** Said in the title of what is skipped without them. */
export const NEEDS_RECORDINGS = "(needs ../shared/recordings)";
