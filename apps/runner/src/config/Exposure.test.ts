import { execFileSync } from "node:child_process";
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/folders.ts";
import { exposureOf, hasModes } from "./Exposure.ts";

describe.skipIf(!hasModes)("a file with secrets", () => {
  it.each([[0o600, false], [0o400, false], [0o640, true], [0o604, true], [0o666, true], [0o620, true]])(
    "of mode %o draws a warning: %s",
    (mode, isOpen) => {
      using folder = temporaryFolder({ ".env": "A=1" });
      const path = join(folder.path, ".env");
      chmodSync(path, mode);
      expect(exposureOf(path) !== undefined).toBe(isOpen);
    },
  );

  it("draws none where it is not there", () => {
    using folder = temporaryFolder();
    expect(exposureOf(join(folder.path, ".env"))).toBeUndefined();
  });

  it("is mended by the command that the warning names, in a folder of any name", () => {
    using folder = temporaryFolder({ "it's a $HOME/.env": "A=1" });
    const path = join(folder.path, "it's a $HOME/.env");
    chmodSync(path, 0o644);
    const [, command] = /run (chmod .*)$/.exec(exposureOf(path) ?? "") ?? [];
    execFileSync("/bin/sh", ["-c", command!]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(exposureOf(path)).toBeUndefined();
  });
});
