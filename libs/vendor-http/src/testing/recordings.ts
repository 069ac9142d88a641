import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** Recorded answers of a real API; they lie beside the repository, never in it. */
export const recordingsOf = (vendor: string) => {
  const shared = process.env["CANDLEWICK_SHARED"] ?? join(repository, "..", "shared");
  const folder = join(shared, "recordings", vendor);
  return {
    folder,
    present: existsSync(folder),
    bytes: (path: string): Uint8Array => readFileSync(join(folder, path)),
    text: (path: string): string => readFileSync(join(folder, path), "utf8"),
  };
};

/** Said in the title of what is skipped without them. */
export const NEEDS_RECORDINGS = "(needs ../shared/recordings)";
