import { spawn } from "node:child_process";
import process from "node:process";
import { afterEach, expect, it } from "vitest";
import { MASTER } from "./test-client.ts";

const main = new URL("main.ts", import.meta.url).pathname;
const started: Array<ReturnType<typeof spawn>> = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** What the program prints up to a pattern, run as its Nx target runs it. */
const printed = (pattern: RegExp, ...args: ReadonlyArray<string>) =>
  new Promise<string>((resolve, reject) => {
    const permissions = ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"];
    const child = spawn(process.execPath, [...permissions, main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        if (pattern.test(output)) resolve(output);
      });
    }
    child.on("close", () => reject(new Error(`ended without ${pattern}: ${output}`)));
  });

it("the program tells where it listens and the settings of the source", async () => {
  const output = await printed(/Ctrl-C ends it/, "--port=0", "--today=2024-01-02");
  for (const name of ["ROOT", "MASTER_ROOT", "API_KEY", "CLIENT_CODE", "PIN", "TOTP_SECRET"]) {
    expect(output).toMatch(new RegExp(`^ {2}ANGELONE_${name}=\\S+$`, "m"));
  }
  const root = /ANGELONE_MASTER_ROOT=(\S+)/.exec(output)?.[1];
  const response = await fetch(root + MASTER);
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

it("the program says what is wrong when it cannot start", async () => {
  expect(await printed(/scrip master/, "--replay=/nowhere")).toContain(
    "cannot read the scrip master /nowhere",
  );
});
