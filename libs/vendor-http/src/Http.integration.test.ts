import { type PluginError } from "@candlewick/core";
import { Effect, Exit, Redacted, Stream, Tracer } from "effect";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import * as Http from "./Http.ts";
import type { HttpRequest } from "./HttpRequest.ts";
import { byStatus } from "./Refused.ts";
import { gzipReply, jsonReply, type Reply, withServer } from "./testing/index.ts";

const TOKEN = "t0ken/of+mine=";
const PIN = "4711";

const ask = (url: string, changes: Partial<HttpRequest> = {}, requestTimeout = 5_000) =>
  Http.make({ requestTimeout, classify: (refused) => byStatus(refused, `said ${refused.body}`) }).pipe(
    Effect.flatMap((http) => http.text({ url, ...changes })),
    Effect.runPromiseExit,
  );

const reasonOf = (exit: Exit.Exit<unknown, PluginError.Reason>): PluginError.Reason => {
  const reason = Exit.findErrorOption(exit).valueOrUndefined;
  if (reason === undefined) throw new Error(`expected a reason, got ${exit}`);
  return reason;
};

const BODY = "x".repeat(50_000);

describe("a request", () => {
  it("is a GET with query and headers, and carries nothing of our tracing", () =>
    withServer(() => jsonReply({}), async ({ root, seen }) => {
      const exit = await ask(`${root}/bars/a%2Fb`, {
        query: { from: "2024-01-01 09:15" },
        headers: { authorization: Redacted.make(TOKEN), "x-version": "3" },
      });
      expect(exit).toEqual(Exit.succeed("{}"));
      expect(seen[0]).toMatchObject({ method: "GET", path: "/bars/a%2Fb", body: "" });
      expect(seen[0]!.query.get("from")).toBe("2024-01-01 09:15");
      expect(seen[0]!.headers).toMatchObject({ authorization: TOKEN, "x-version": "3" });
      expect(Object.keys(seen[0]!.headers)).not.toEqual(expect.arrayContaining(["traceparent"]));
      expect(Object.keys(seen[0]!.headers)).not.toEqual(expect.arrayContaining(["b3"]));
    }));

  it("with a body is a POST of JSON", () =>
    withServer(() => jsonReply({}), async ({ root, seen }) => {
      await ask(`${root}/login`, { json: { user: "A1", pin: Redacted.make(PIN), note: "₹" } });
      expect(seen[0]).toMatchObject({ method: "POST", path: "/login" });
      expect(seen[0]!.headers["content-type"]).toBe("application/json");
      expect(JSON.parse(seen[0]!.body)).toEqual({ user: "A1", pin: PIN, note: "₹" });
    }));

  it("with a header that none may have is not sent, and its value not shown", () =>
    withServer(() => jsonReply({}), async ({ root, seen }) => {
      const reason = reasonOf(
        await ask(`${root}/bars`, { headers: { authorization: Redacted.make(`${TOKEN}\n`) } }),
      );
      expect(reason).toMatchObject({
        _tag: "Invalid",
        message: "GET /bars: the header authorization holds characters that no header may hold",
      });
      expect(seen).toHaveLength(0);
    }));
});

describe("an answer", () => {
  it.each(
    [
      ["plain", { body: BODY }],
      ["compressed", gzipReply(BODY, "text/plain")],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )(
    "is read %s",
    (_, reply) =>
      withServer(() => reply, async ({ root }) => expect(await ask(root)).toEqual(Exit.succeed(BODY))),
  );

  const zipped = gzipSync(Array.from({ length: 20_000 }, (_, at) => `row ${at * 7919}`).join("\n"));

  it.each(
    [
      ["Corrupt", "compressed data that is cut", {
        headers: { "content-encoding": "gzip" },
        body: zipped.subarray(0, zipped.length / 2),
      }],
      ["Corrupt", "a connection that breaks", { body: BODY, then: "cut" }],
      ["Corrupt", "bytes that are no text", { body: Uint8Array.of(123, 0xff, 0xfe) }],
      ["Corrupt", "no content", { status: 204 }],
      ["Corrupt", "a redirect, which is not followed", { status: 302, headers: { location: "/other" } }],
      ["Unavailable", "a status of the vendor's trouble", { status: 503, body: "no" }],
      ["Unavailable", "such a status whose page is cut", { status: 503, body: "no", then: "cut" }],
      ["RateLimited", "too many", { status: 429, headers: { "retry-after": "7" } }],
      ["Unauthorized", "a refusal", { status: 403, body: "no" }],
      ["Unavailable", "silence", { then: "silence" }],
      ["Unavailable", "a stall", { body: BODY, then: "hang" }],
      ["Unavailable", "a refusal that stalls", { status: 503, body: "x", then: "hang" }],
    ] satisfies ReadonlyArray<readonly [string, string, Reply]>,
  )("is %s for %s, after one request", (tag, _, reply) =>
    withServer(() => reply, async ({ root, seen }) => {
      const timeout = "then" in reply && reply.then !== "cut" ? 100 : 5_000;
      expect(reasonOf(await ask(root, {}, timeout))._tag).toBe(tag);
      expect(seen).toHaveLength(1);
    }));

  it("is Unavailable where nobody listens", async () => {
    const root = await withServer(() => jsonReply({}), (server) => Promise.resolve(server.root));
    expect(reasonOf(await ask(`${root}/bars`))).toMatchObject({
      _tag: "Unavailable",
      message: expect.stringContaining("GET /bars: no answer"),
    });
  });

  it("that the reader leaves early is not waited for", () =>
    withServer(() => ({ body: BODY, then: "hang" }), async ({ root, abandoned }) => {
      const first = await Http.make({ requestTimeout: 60_000, classify: (refused) => byStatus(refused, "") })
        .pipe(
          Effect.flatMap((http) => Stream.runHead(http.bytes({ url: root }))),
          Effect.runPromise,
        );
      expect(first._tag).toBe("Some");
      await abandoned;
    }));
});

describe("secrets", () => {
  const secrets = {
    headers: { authorization: Redacted.make(`Bearer ${TOKEN}`) },
    json: { pin: Redacted.make(PIN) },
  };

  it("that the vendor quotes are taken out", () =>
    withServer(() => ({ status: 400, body: `bad token ${TOKEN} or PIN ${PIN}` }), async ({ root }) => {
      expect(reasonOf(await ask(`${root}/login`, secrets)).message).toBe(
        'POST /login: 400: a body that begins "bad token <secret> or PIN <secret>"',
      );
    }));

  it("in the address are not quoted where nobody listens, or where the answer breaks off", async () => {
    const query = { token: Redacted.make(TOKEN) };
    const root = await withServer(() => ({ body: BODY, then: "cut" }), async ({ root, seen }) => {
      expect(reasonOf(await ask(root, { query })).message).not.toMatch(/t0ken/);
      expect(seen[0]!.query.get("token")).toBe(TOKEN);
      return root;
    });
    const { message } = reasonOf(await ask(root, { query }));
    expect(message).toContain("GET /: no answer");
    expect(message).not.toMatch(/t0ken/);
  });

  it("appear in no span and no failure", async () => {
    const seen: Array<unknown> = [];
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options);
        seen.push(span);
        return span;
      },
    });
    for (
      const reply of [jsonReply({}), { status: 403, body: TOKEN }, { then: "cut" }] satisfies ReadonlyArray<
        Reply
      >
    ) {
      await withServer(() => reply, async ({ root }) => {
        seen.push(
          await Http.make({ requestTimeout: 5_000, classify: (refused) => byStatus(refused, "log in") }).pipe(
            Effect.flatMap((http) =>
              http.text({ url: `${root}/login`, query: { q: "shown-nowhere" }, ...secrets })
            ),
            Effect.withTracer(tracer),
            Effect.runPromiseExit,
          ),
        );
      });
    }
    const everything = Deno.inspect(seen, { depth: 12, iterableLimit: 10_000, strAbbreviateSize: 1_000_000 });
    expect(everything).toContain("POST /login");
    expect(everything).toContain("http.response.status_code");
    for (const secret of [TOKEN, PIN, "shown-nowhere"]) expect(everything).not.toContain(secret);
  });
});
