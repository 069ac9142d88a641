// Prints one line that changes when the recordings some tests read change, come or go: an input of the test cache.
// They lie outside the workspace, where Nx does not look. Plain JavaScript, since Nx runs this on any Node.
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const root = join(process.env.CANDLEWICK_SHARED ?? "../shared", "recordings");

const entries = (directory) => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
};

const hash = createHash("sha256");
const visit = (directory) => {
  for (const entry of entries(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      visit(path);
    } else {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path} ${size} ${mtimeMs}\n`);
    }
  }
};

visit(root);
console.log(hash.digest("hex"));
