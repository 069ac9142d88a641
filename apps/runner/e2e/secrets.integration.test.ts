import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import process from "node:process";
import { echoingServer } from "../testing/echoingServer.ts";
import { type Ended, makeRealProject, type TestProject } from "../testing/project.ts";
import {
  childOf,
  coreLimitOf,
  environmentOf,
  type Named,
  secretsIn,
  tracesIn,
  watchCommandLines,
} from "../testing/traces.ts";
import { startSandbox, type TestSandbox } from "./sandbox.ts";

/** Where each secret is meant to be, and nowhere else. */
const HOMES = [
  ".candlewick/credentials/kite.json: access token",
  ".candlewick/postgres/pgpass: password of the embedded database",
  ".env: API key",
  ".env: API secret",
  ".env: database password",
];

const API_KEY = "unmistakable-api-key-71";
const API_SECRET = "unmistakable-api-secret-72";
const PASSWORD = "unmistakable-password-73";

/** An answer in place of the one that was due. */
const answer = (status: number, body: string) => ({
  name: "told",
  deliver: () => ({
    head: { status, headers: { "content-type": "application/json" } },
    steps: [new TextEncoder().encode(body)],
    end: "finish",
  }),
});

const silence = { name: "hang", deliver: () => ({ head: undefined, steps: [], end: "hang" }) };

let project: TestProject;
let sandbox: TestSandbox & AsyncDisposable;
/** What becomes of requests, by route. */
let faults: Readonly<Record<string, unknown>>;
const said: Array<string> = [];
let commandLines: ReturnType<typeof watchCommandLines>;

beforeAll(async () => {
  project = makeRealProject();
  faults = {};
  sandbox = await startSandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    fault: ({ route }) => faults[route],
  });
  project.write(
    ".env",
    `KITE_ROOT=${sandbox.url}\nKITE_API_KEY=${API_KEY}\nAPP_SECRET=${API_SECRET}\nOTHER_PASSWORD=${PASSWORD}\n`,
  );
  project.write("config/config.json", { sources: { kite: { apiSecret: "${APP_SECRET}" } } });
  project.write(".candlewick/credentials/kite.json", {
    credential: sandbox.accessToken,
    expires: Date.now() + 3_600_000,
  });
  commandLines = watchCommandLines();
});
afterAll(async () => {
  commandLines.stop();
  await sandbox[Symbol.asyncDispose]();
  project.remove();
});

const keep = (end: Ended): Ended => {
  said.push(end.out, end.err);
  return end;
};

const args = (symbol: number, ...more: ReadonlyArray<string>) => [
  "--dag=historic",
  `--symbols=${sandbox.selection[symbol]}`,
  "--from=2024-01-01",
  "--retry-attempts=1",
  "--log-level=debug",
  "--json",
  ...more,
];

const run = async (symbol: number, ...more: ReadonlyArray<string>) =>
  keep(await project.run(args(symbol, ...more)));

/** The vendor's own words, with the credentials in them. */
const quoting = () => `sent with token ${API_KEY}:${sandbox.accessToken}`;

const withFaults = async <A>(now: typeof faults, body: () => Promise<A>): Promise<A> => {
  faults = now;
  try {
    return await body();
  } finally {
    faults = {};
  }
};

/** A run that waits for an answer of the vendor, and the process that does the work. */
const waiting = async (symbol: number) => {
  const started = project.start(args(symbol));
  await started.says("historic: started");
  const pid = childOf(started.process.pid!);
  if (pid === undefined) throw new Error("the launcher has started nothing");
  return { ...started, pid };
};

const secrets = (): Named => ({
  "API key": API_KEY,
  "API secret": API_SECRET,
  "access token": sandbox.accessToken,
  "database password": PASSWORD,
  "password of the embedded database": project.read(".candlewick/postgres/pgpass").trim().split(":").at(-1)!,
});

describe.skipIf(process.platform !== "linux")("runs that fail in every way, at the log level debug", () => {
  it("a good one first, so that there is a database", async () => {
    expect((await run(0)).code).toBe(0);
  });

  it.each([
    [
      "an answer that quotes the credentials",
      200,
      () => JSON.stringify({ status: "success", data: quoting() }),
    ],
    ["a page that does", 502, () => `<html>${quoting()}</html>`],
    [
      "an error of the vendor that does",
      400,
      () => JSON.stringify({ status: "error", error_type: "InputException", message: quoting(), data: null }),
    ],
  ])("%s", async (_, status, body) => {
    const end = await withFaults({ historical: answer(status, body()) }, () => run(1));
    expect(end.code).toBe(1);
  });

  it("a refused token, quoted", async () => {
    const body = JSON.stringify({
      status: "error",
      error_type: "TokenException",
      message: quoting(),
      data: null,
    });
    const end = await withFaults({ profile: answer(403, body) }, () => run(1));
    expect(end.code).toBe(4);
    expect(end.out).toContain("<secret>");
  });

  it("a pause that nobody ends", async () => {
    const body = JSON.stringify({ status: "error", error_type: "TokenException", message: quoting() });
    const end = await withFaults({ profile: answer(403, body) }, () => run(1, "--wait-for-login=1s"));
    expect(end.code).toBe(4);
  });

  it("SIGTERM", async () => {
    await withFaults({ historical: silence }, async () => {
      const started = await waiting(1);
      // The server is no child of the run and outlives it: what it knows, it knows for long.
      const server = Number(project.read(".candlewick/postgres/data/postmaster.pid").split("\n")[0]);
      expect(environmentOf(server)).toContain("PATH=");
      expect(secretsIn(new TextEncoder().encode(environmentOf(server)), secrets())).toEqual([]);
      started.signal("SIGTERM");
      expect(keep(await started.ended).code).toBe(130);
    });
  });

  it("SIGABRT, which leaves no image of the memory", async () => {
    await withFaults({ historical: silence }, async () => {
      const started = await waiting(1);
      expect(coreLimitOf(started.pid)).toBe("0 0");
      process.kill(started.pid, "SIGABRT");
      expect(keep(await started.ended).code).toBe(134);
    });
  });

  const withDatabase = async (port: number) => {
    const before = readFileSync(project.path(".env"), "utf8");
    writeFileSync(
      project.path(".env"),
      before.replace(
        /OTHER_PASSWORD=.*\n/,
        `DATABASE_URL=postgres://ann:${PASSWORD}@127.0.0.1:${port}/market\n`,
      ),
    );
    const end = await run(1);
    writeFileSync(project.path(".env"), before);
    return end;
  };

  it("a database that refuses the password, and quotes it", async () => {
    await using server = await echoingServer();
    const end = await withDatabase(server.port);
    expect(end.code).toBe(1);
    expect(end.err).toContain('password authentication failed: "<secret>" is wrong');
  });

  it("a database that cannot be reached", async () => {
    const server = await echoingServer();
    await server[Symbol.asyncDispose]();
    const end = await withDatabase(server.port);
    expect(end.code).toBe(1);
    expect(end.err).toContain(`127.0.0.1:${server.port}`);
  });

  it("a good one again, so that everything is written to the disk", async () => {
    expect((await run(0)).code).toBe(0);
  });

  it("leave no secret in the project, its logs, the tables and the log of the database but where it is meant to be", () => {
    expect(tracesIn(project.folder, secrets())).toEqual(HOMES);
  });

  it("leave none on stdout and stderr", () => {
    expect(said.length).toBeGreaterThan(20);
    expect(secretsIn(new TextEncoder().encode(said.join("\n")), secrets())).toEqual([]);
  });

  it("leave none in the command line of any process", () => {
    const seen = [...commandLines.seen].join("\n");
    for (const expected of ["bin/candlewick.mjs --dag=historic", "--allow-net=127.0.0.1", "postgres"]) {
      expect(seen).toContain(expected);
    }
    expect(secretsIn(new TextEncoder().encode(seen), secrets())).toEqual([]);
  });
});
