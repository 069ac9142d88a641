import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRealProject, type TestProject } from "../testing/project.ts";
import { type AngelOne, startAngelOne } from "./angelone.ts";

/** A source that logs in by itself, as the whole program runs it. The tests build on each other. */
let vendor: AngelOne;
let project: TestProject;
beforeAll(async () => {
  vendor = await startAngelOne();
  project = makeRealProject();
});
afterAll(async () => {
  project.remove();
  await vendor.close();
});

/** The route of candles in the sandbox's log. */
const CANDLES = "historical";

const KEPT = ".candlewick/credentials/angelone.json";

const historic = (symbol: string, ...args: ReadonlyArray<string>) =>
  project.start(
    ["--dag=historic", "--source=angelone", "--sink=duckdb", `--symbols=${symbol}`, "--json", ...args],
    vendor.environment,
  );

interface Asked {
  readonly route: string;
  readonly status: number;
}

const control = (path: string, method: "GET" | "POST") =>
  fetch(`${vendor.environment.ANGELONE_ROOT}/sandbox/${path}`, {
    method,
    body: method === "POST" ? "{}" : null,
  });

/** The routes that the vendor was asked for since the last look. */
const asked = async (): Promise<ReadonlyArray<string>> => {
  const { requests: log }: { readonly requests: ReadonlyArray<Asked> } = await (await control("log", "GET"))
    .json();
  const fresh = log.slice(seen);
  seen = log.length;
  return fresh.map(({ route }) => route);
};
let seen = 0;

/** Every file of a folder. */
const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []
  );

const count = (routes: ReadonlyArray<string>, route: string) => routes.filter((one) => one === route).length;

describe("a source that logs in by itself", () => {
  it("logs in once, and keeps the login for its user alone", async () => {
    const { code, err, out } = await historic("NSE:WICKFIN-EQ", "--from=2026-01-01").ended;
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(JSON.parse(out).dags.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["done", "done"]);
    const routes = await asked();
    expect(count(routes, "login")).toBe(1);
    expect(count(routes, "instruments")).toBe(1);
    expect(err).not.toContain("Sandbox");
    if (Deno.build.os !== "windows") expect(statSync(project.path(KEPT)).mode & 0o777).toBe(0o600);
  });

  it("uses the kept login in the next run", async () => {
    expect((await historic("NSE:SCONCE-EQ", "--from=2026-01-01").ended).code).toBe(0);
    const routes = await asked();
    expect(count(routes, "login") + count(routes, "session")).toBe(0);
    expect(count(routes, CANDLES)).toBeGreaterThan(0);
  });

  it("goes on by itself when the vendor ends all its sessions in mid-run", async () => {
    const run = historic("NSE:LAMPBLACK-EQ,NSE:KEROGAS-EQ");
    const before = seen;
    while (count(await asked(), CANDLES) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    seen = before;
    await control("kill-token", "POST");
    const { code, err, out } = await run.ended;
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(JSON.parse(out).dags.at(-1)).toMatchObject({ outcome: "done", counts: { failed: 0 } });
    const routes = await asked();
    expect(count(routes, "login")).toBe(1);
  }, 180_000);

  it("leaves no credential and no token anywhere but in that file", () => {
    const kept = JSON.parse(JSON.parse(readFileSync(project.path(KEPT), "utf8")).credential);
    const tokens = Object.entries(kept).filter(([name]) => /token/i.test(name)).map(([, token]) =>
      String(token)
    );
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    const { ANGELONE_API_KEY, ANGELONE_TOTP_SECRET } = vendor.environment;
    const secrets = [...tokens, ANGELONE_TOTP_SECRET, ANGELONE_API_KEY];
    for (const path of filesIn(project.path(".candlewick"))) {
      if (path === project.path(KEPT)) continue;
      const text = readFileSync(path).toString("latin1");
      for (const secret of secrets) expect(text.includes(secret), `${path} holds a secret`).toBe(false);
    }
  });

  it("says which of its credentials are missing, and how to come by them", async () => {
    const { ANGELONE_PIN: _, ...rest } = vendor.environment;
    const { code, err } = await project.run(["--dag=historic", "--source=angelone", "--sink=duckdb"], rest);
    expect(code).toBe(4);
    expect(err).toContain("ANGELONE_PIN is not set");
  });

  it("fetches what the vendor gives to everyone without an account, when told so", async () => {
    const alone = makeRealProject();
    try {
      const { ANGELONE_MASTER_ROOT, ANGELONE_ROOT } = vendor.environment;
      const { code, err, out } = await alone.run(
        ["--dag=instruments", "--source=angelone", "--sink=duckdb", "--no-sandbox", "--json"],
        { ANGELONE_MASTER_ROOT, ANGELONE_ROOT },
      );
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(JSON.parse(out).dags[0].outcome).toBe("done");
      expect(count(await asked(), "login")).toBe(0);
      const refused = await alone.run([
        "--dag=historic",
        "--source=angelone",
        "--sink=duckdb",
        "--no-sandbox",
      ]);
      expect(refused.code).toBe(4);
    } finally {
      alone.remove();
    }
  });
});
