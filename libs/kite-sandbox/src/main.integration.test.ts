import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, describe, expect, it } from "vitest";

const main = new URL("main.ts", import.meta.url).pathname;
const started: Array<ReturnType<typeof run>> = [];

/** The program as its Nx target runs it. */
const run = (...args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [
    "run",
    "--no-prompt",
    "--allow-net=127.0.0.1",
    "--allow-read",
    main,
    ...args,
  ], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`ended without ${pattern}: ${output}`)));
    });
  return { child, ended, printed, output: () => output };
};

const made: Array<string> = [];

const scriptFile = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "kite-sandbox-faults-"));
  made.push(folder);
  writeFileSync(join(folder, "faults.json"), text);
  return join(folder, "faults.json");
};

const start = (...args: ReadonlyArray<string>) => {
  const program = run(...args);
  started.push(program);
  return program;
};

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

describe("the program", () => {
  it("tells where it listens and how to ask, and ends on Ctrl-C", async () => {
    const program = start("--port=0", "--today=2024-01-02");
    const root = await program.printed(/KITE_ROOT=(\S+)/);
    const key = await program.printed(/KITE_API_KEY=(\S+)/);
    const token = await program.printed(/KITE_ACCESS_TOKEN=(\S+)/);
    await program.printed(/(Ctrl-C ends it)/);
    const response = await fetch(`${root}/user/profile`, {
      headers: { "x-kite-version": "3", authorization: `token ${key}:${token}` },
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
    // Deno reports a child it signalled itself as killed, whatever its exit code.
    process.kill(program.child.pid ?? 0, "SIGINT");
    expect(await program.ended).toBe(130);
    await expect(fetch(root)).rejects.toThrow();
  });

  it("explains itself, and leaves with 2 when it is called wrongly", async () => {
    const help = start("--help");
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain("Usage: nx run kite-sandbox:serve");
    const wrong = start("--seed=many");
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toContain("--seed: not a number");
  });

  it("goes wrong by a script or by chance, and says so", async () => {
    const file = scriptFile('{ "seed": 7, "rules": [{ "fault": "unavailable", "route": "profile" }] }');
    const scripted = start("--port=0", `--faults=${file}`);
    const root = await scripted.printed(/KITE_ROOT=(\S+)/);
    expect(await scripted.printed(/(IT FAULTS: [^;]*);/)).toBe("IT FAULTS: 1 rule (unavailable), seed 7");
    const response = await fetch(`${root}/user/profile`);
    expect(response.status).toBe(503);
    await response.body?.cancel();
    const chaotic = start("--port=0", "--chaos=0.1", "--chaos-seed=9");
    expect(await chaotic.printed(/(IT FAULTS: [^;]*);/)).toBe(
      "IT FAULTS: 1 rule (any with a chance of 0.1), seed 9",
    );
  });

  it("leaves with 1 and the script's file, rule and key when it makes no sense of it", async () => {
    const file = scriptFile('{ "rules": [{ "fault": "reset", "nht": 2 }] }');
    const wrong = start("--port=0", `--faults=${file}`);
    expect(await wrong.ended).toBe(1);
    expect(wrong.output().trim()).toBe(`${file}: rule 1 (reset): nht: there is no such key`);
    const missing = start("--port=0", `--faults=${file}.none`);
    expect(await missing.ended).toBe(1);
    expect(missing.output().trim()).toBe(`cannot read the fault script ${file}.none`);
  });

  it("leaves with 1 and one sentence when it cannot start", async () => {
    const program = start("--replay=/nowhere/at/all");
    expect(await program.ended).toBe(1);
    expect(program.output().trim()).toBe("no folder of recorded instruments at /nowhere/at/all/instruments");
  });
});
