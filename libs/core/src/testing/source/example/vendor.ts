import { Effect, type Scope } from "effect";
import type { SeenRequest, SourceScenario } from "../subject.ts";

/**
 * A vendor with the plainest of protocols, for the test of the contract itself: lines of comma-separated fields
 * and a last line `END`. Bounds of candles are inclusive, in seconds.
 */
export interface Vendor {
  readonly root: string;
  readonly requests: () => ReadonlyArray<SeenRequest>;
}

export const TOKEN = "s3cret/token+of=mine";

/** 2024-01-01T00:00:00Z. */
export const FIRST = 1_704_067_200;
const STEP = 60;

export const listings = [
  "1,INFY,NSE,NSE,EQ,,0,0.05,1",
  "2,TCS,NSE,NSE,EQ,,0,0.05,1",
  "3,INFY,BSE,BSE,EQ,,0,0.01,1",
  "4,NIFTY24JAN21000CE,NFO,NFO-OPT,CE,2024-01-25,21000,0.05,50",
];
const badListings = ["5,,NSE,NSE,EQ,,0,0.05,1", "6,BAD,NSE,NSE,EQ,2024-02-30,0,0.05,1"];

const bar = (n: number) => `${FIRST + n * STEP},10.5,11,10.25,10.75,${100 + n}`;
export const bars = [bar(0), bar(1), bar(2), bar(3)];
const badBars = [`${FIRST + 4 * STEP},10,9,11,10,5`, `${FIRST + 5 * STEP},10,abc,9,10,5`];

const document = (lines: ReadonlyArray<string>): string => [...lines, "END", ""].join("\n");

const inBounds = (url: URL) => (line: string): boolean => {
  const ts = Number(line.split(",")[0]);
  return ts >= Number(url.searchParams.get("from")) && ts <= Number(url.searchParams.get("to"));
};

const content = (scenario: SourceScenario, url: URL): string => {
  if (url.pathname === "/session") return document([]);
  const isCandles = url.pathname === "/candles";
  if (scenario === "wrongShape") return document(["a,b", "c,d"]);
  if (isCandles) {
    if (scenario === "emptyAnswer") return document([]);
    if (scenario === "badRows") return document([...bars, ...badBars]);
    if (scenario === "outOfOrder") {
      return document([bar(5_000), bar(3), bar(2), bar(2), bar(1), bar(0), bar(-5_000)]);
    }
    return document(bars.filter(inBounds(url)));
  }
  const [, , exchange] = url.pathname.split("/");
  const rows = scenario === "badRows" ? [...listings, ...badListings] : listings;
  return document(rows.filter((row) => exchange === undefined || row.split(",")[2] === exchange));
};

const status = (code: number, headers: Record<string, string> = {}): Response =>
  new Response(`status ${code}`, { status: code, headers });

/** A body that begins and then, by `end`, breaks or stops. */
const begun = (text: string, end: (controller: ReadableStreamDefaultController) => void): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
      },
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        end(controller);
      },
    }),
  );

const answer = (scenario: SourceScenario, request: Request): Response | Promise<Response> => {
  const text = content(scenario, new URL(request.url));
  const half = text.slice(0, Math.floor(text.length / 2));
  switch (scenario) {
    case "unauthorized":
      return status(401);
    case "rateLimited":
      return status(429);
    case "rateLimitedFor":
      return status(429, { "retry-after": "7" });
    case "unavailable":
      return status(503);
    case "invalidRequest":
      return status(400);
    case "hangs":
    case "silent":
      return new Promise(() => {});
    case "stalls":
      return begun(half, () => {});
    case "cutBody":
      return begun(half, (controller) => controller.error(new Error("cut")));
    case "truncated":
      return new Response(half);
    case "htmlInsteadOfData":
      return new Response("<!doctype html><title>Sign in</title>");
    case "malformed":
      return new Response("\u0000\u0001{{{\nEND\n");
    default:
      return request.headers.get("authorization") === TOKEN ? new Response(text) : status(401);
  }
};

/** Starts the vendor on a free port of loopback. */
export const startVendor = (scenario: SourceScenario): Effect.Effect<Vendor, never, Scope.Scope> =>
  Effect.gen(function* () {
    const seen: Array<SeenRequest> = [];
    const server = yield* Effect.acquireRelease(
      Effect.sync(() =>
        Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => status(500) },
          (request) => {
            const { method, signal, url } = request;
            seen.push({ line: `${method} ${new URL(url).pathname}`, aborted: () => signal.aborted });
            return answer(scenario, request);
          },
        )
      ),
      // Abrupt: a scenario that never answers would keep a graceful shutdown waiting.
      (server) =>
        Effect.promise(() => Promise.race([server.shutdown(), new Promise((done) => setTimeout(done, 10))])),
    );
    return { root: `http://127.0.0.1:${server.addr.port}`, requests: () => [...seen] };
  });
