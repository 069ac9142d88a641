import { Faults, type SandboxRequest } from "@candlewick/pretend-exchange";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber } from "effect";
import { get } from "node:http";
import type { Sandbox } from "./sandbox.ts";
import { ask, started } from "./test-client.ts";

const faulty = (fault: (request: SandboxRequest) => Faults.Fault | undefined) =>
  started({ limits: "off", fault });

const failureOf = (sandbox: Sandbox, path: string) =>
  Effect.map(
    Effect.flip(ask(sandbox, path)),
    ({ cause }) => String(cause) + String((cause as Error).cause ?? ""),
  );

describe("a fault", () => {
  it.effect("may answer in place of the API", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(() => Faults.respond(503, "busy", "text/plain", { "retry-after": "7" }));
      const seen = yield* ask(sandbox, "/user/profile");
      expect([seen.status, seen.text, seen.headers.get("retry-after")]).toEqual([503, "busy", "7"]);
    }));

  it.effect("may be a page with status 200", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(() => Faults.html);
      const seen = yield* ask(sandbox, "/instruments");
      expect([seen.status, seen.headers.get("content-type")]).toEqual([200, "text/html"]);
      expect(seen.text).toContain("<html>");
    }));

  it.effect("may cut the gzip stream inside well-formed HTTP", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(() => Faults.cutGzip(0.5));
      expect((yield* Effect.exit(ask(sandbox, "/instruments")))._tag).toBe("Failure");
    }));

  it.effect("may cut the content where nothing below it can notice", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(({ ordinal }) => ordinal === 2 ? Faults.cutContent(0.5) : undefined);
      const whole = yield* ask(sandbox, "/instruments");
      const cut = yield* ask(sandbox, "/instruments");
      expect(cut.status).toBe(200);
      expect(cut.text.length).toBe(Math.floor(whole.text.length / 2));
      expect(whole.text.startsWith(cut.text)).toBe(true);
      expect(sandbox.log().map(({ fault }) => fault)).toEqual([undefined, "cut content"]);
    }));

  it.effect("may close the connection in the middle of the body", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(() => Faults.cutBody(0.5));
      const received = yield* Effect.promise(() =>
        new Promise<{ announced: number; bytes: number; whole: boolean }>((resolve) => {
          const headers = {
            "x-kite-version": "3",
            authorization: `token ${sandbox.apiKey}:${sandbox.accessToken}`,
          };
          get(`${sandbox.url}/instruments`, { headers }, (response) => {
            let bytes = 0;
            response.on("data", (chunk: Uint8Array) => bytes += chunk.length);
            response.on("error", () => undefined);
            response.on("close", () =>
              resolve({
                announced: Number(response.headers["content-length"]),
                bytes,
                whole: response.complete,
              }));
          });
        })
      );
      expect(received.whole).toBe(false);
      expect(received.bytes).toBeLessThanOrEqual(received.announced / 2);
      expect((yield* Effect.exit(ask(sandbox, "/instruments")))._tag).toBe("Failure");
    }));

  it.effect("may reset the connection", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(() => Faults.reset);
      expect(yield* failureOf(sandbox, "/user/profile")).toMatch(/reset|closed|ended/i);
    }));

  it.effect("may leave the client waiting", () =>
    Effect.gen(function* () {
      const arrived = Promise.withResolvers<void>();
      const sandbox = yield* faulty(() => {
        arrived.resolve();
        return Faults.hang;
      });
      const asking = yield* Effect.forkChild(ask(sandbox, "/user/profile"));
      yield* Effect.promise(() => arrived.promise);
      expect(sandbox.stats()).toMatchObject({ requests: 1, faults: 1 });
      expect(asking.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(asking);
    }));

  it.effect("may be slow or drip, and the answer is whole in the end", () =>
    Effect.gen(function* () {
      const sandbox = yield* faulty(({ ordinal }) => [Faults.slow(5), Faults.drip(7, 1)][ordinal - 2]);
      const [due, slow, drip] = yield* Effect.replicateEffect(ask(sandbox, "/instruments/BCD"), 3);
      expect([slow?.text, drip?.text]).toEqual([due?.text, due?.text]);
    }));

  it.effect("is chosen by the request, and may act on the sandbox", () =>
    Effect.gen(function* () {
      const seen: Array<string> = [];
      const sandbox: Sandbox = yield* faulty((request) => {
        seen.push(`${request.route} ${request.routeOrdinal} ${request.parts}`);
        if (request.route === "instruments" && request.routeOrdinal === 2) sandbox.killToken();
        return undefined;
      });
      const statuses = yield* Effect.forEach(
        ["/instruments/BCD", "/user/profile", "/instruments/CDS"],
        (path) => Effect.map(ask(sandbox, path), ({ status }) => status),
      );
      expect(statuses).toEqual([200, 200, 403]);
      expect(seen).toEqual(["instruments 1 BCD", "profile 1 ", "instruments 2 CDS"]);
    }));
});
