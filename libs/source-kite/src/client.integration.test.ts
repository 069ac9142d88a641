import {
  allInstruments,
  askFor,
  jsonReply,
  reasonOf,
  type Reply,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { Exit, Redacted, Stream } from "effect";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dumpOf } from "./testing/dumps.ts";
import { SECRETS, withKite } from "./testing/fixtures.ts";
import { csvReply, errorReply } from "./testing/replies.ts";

const PROFILE = jsonReply({ status: "success", data: { user_id: "XX0000" } });

const DUMP = dumpOf(20_000);

const CANDLES = JSON.stringify({
  status: "success",
  data: { candles: [["2017-12-15T09:15:00+0530", 1704.5, 1705, 1699.25, 1702.8, 2499]] },
});

const gzipped = gzipSync(DUMP);
const GZIP = { "content-type": "text/csv", "content-encoding": "gzip" };
const HTML = "<html><head><title>Maintenance</title></head><body></body></html>";

const ask = {
  profile: (root: string) => withKite(root, (kite) => kite.session.authenticate),
  instruments: (root: string) => withKite(root, (kite) => allInstruments(kite)),
  candles: (root: string) => withKite(root, (kite) => kite.candles.candles(askFor("408065", "minute"))),
};

const tagOf = (reply: Reply, what: keyof typeof ask): Promise<string> =>
  withServer(() => reply, async ({ root }) => reasonOf(await ask[what](root))._tag);

describe("requests", () => {
  it("send the credentials and the version, and nothing of our tracing", () =>
    withServer(() => PROFILE, async ({ root, seen }) => {
      valueOf(await ask.profile(root));
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({ method: "GET", path: "/user/profile" });
      expect(seen[0]!.headers).toMatchObject({
        "authorization": `token key0:${SECRETS.accessToken}`,
        "x-kite-version": "3",
        "accept-encoding": expect.stringContaining("gzip"),
      });
      expect(Object.keys(seen[0]!.headers)).not.toEqual(expect.arrayContaining(["traceparent"]));
      expect(Object.keys(seen[0]!.headers)).not.toEqual(expect.arrayContaining(["b3"]));
    }));

  it("ask for all exchanges or one", () =>
    withServer(() => csvReply(DUMP), async ({ root, seen }) => {
      expect(valueOf(await ask.instruments(root)).instruments).toHaveLength(20_000);
      await withKite(root, (kite) => allInstruments(kite, "NFO"));
      expect(seen.map(({ path }) => path)).toEqual(["/instruments", "/instruments/NFO"]);
    }));

  it("ask for candles in Indian time, with open interest, and continuous only when asked to", () =>
    withServer(() => jsonReply({ status: "success", data: { candles: [] } }), async ({ root, seen }) => {
      const span = {
        from: Date.parse("2017-12-15T03:45:00Z"),
        to: Date.parse("2017-12-15T10:00:00Z"),
      };
      await withKite(root, (kite) => kite.candles.candles(askFor("5633", "5minute", span)));
      await withKite(
        root,
        (kite) => kite.candles.candles(askFor("5633", "day", { ...span, continuous: true })),
      );
      expect(seen.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
        ["/instruments/historical/5633/5minute", {
          from: "2017-12-15 09:15:00",
          to: "2017-12-15 15:29:59",
          oi: "1",
        }],
        ["/instruments/historical/5633/day", {
          from: "2017-12-15 09:15:00",
          to: "2017-12-15 15:29:59",
          oi: "1",
          continuous: "1",
        }],
      ]);
    }));

  it("are not sent without credentials that could be accepted", () =>
    withServer(() => PROFILE, async ({ root, seen }) => {
      const without = [
        { apiKey: undefined },
        { accessToken: undefined },
        { accessToken: Redacted.make(`${SECRETS.accessToken}\n`) },
        { apiKey: "key 0" },
      ];
      for (const changes of without) {
        const reason = reasonOf(await withKite(root, (kite) => kite.session.authenticate, changes));
        expect(reason).toMatchObject({ _tag: "Unauthorized", hint: expect.stringContaining("log in") });
        expect(JSON.stringify(reason)).not.toContain(SECRETS.accessToken);
      }
      expect(seen).toHaveLength(0);
    }));
});

describe("instruments", () => {
  it.each([
    ["compressed", csvReply(DUMP)],
    ["plain", { headers: { "content-type": "text/csv" }, body: DUMP }],
    ["with a charset", { headers: { "content-type": "text/csv; charset=utf-8" }, body: DUMP }],
  ])("are read %s", (_, reply) =>
    withServer(() => reply, async ({ root }) => {
      const { instruments, rejected } = valueOf(await ask.instruments(root));
      expect([instruments.length, rejected.length]).toEqual([20_000, 0]);
      expect(instruments[1]).toMatchObject({ name: 'NAME, 1 "LTD"', expiry: "2026-08-25", strike: "1" });
    }));

  it("come in batches", () =>
    withServer(() => csvReply(DUMP), async ({ root }) => {
      const sizes = valueOf(
        await withKite(root, (kite) =>
          kite.instruments.instruments().pipe(
            Stream.map(({ instruments }) => instruments.length),
            Stream.runCollect,
          )),
      );
      expect(sizes.length).toBeGreaterThan(2);
      expect(Math.max(...sizes)).toBeLessThan(2_048);
    }));

  it("of one exchange may be none, of all may not", () =>
    withServer(() => csvReply(DUMP.slice(0, DUMP.indexOf("\n") + 1)), async ({ root }) => {
      expect(valueOf(await withKite(root, (kite) => allInstruments(kite, "BCD"))).instruments).toEqual([]);
      expect(reasonOf(await ask.instruments(root))._tag).toBe("Corrupt");
    }));

  it.each(
    [
      ["a compressed dump cut inside well-formed HTTP", {
        headers: GZIP,
        body: gzipped.subarray(0, gzipped.length / 2),
      }],
      ["a compressed dump without its checksum", {
        headers: GZIP,
        body: gzipped.subarray(0, gzipped.length - 8),
      }],
      ["a compressed dump with a damaged byte", { headers: GZIP, body: damaged(gzipped) }],
      ["a connection that breaks in compressed data", {
        headers: GZIP,
        body: gzipped.subarray(0, 9_000),
        then: "cut",
      }],
      ["a connection that breaks in plain data", { body: DUMP.slice(0, 100_000), then: "cut" }],
      ["a connection that breaks at a row's end", {
        body: DUMP.slice(0, DUMP.indexOf("\n", 100_000) + 1),
        then: "cut",
      }],
      ["a plain dump cut in a row", { body: DUMP.slice(0, 100_000) }],
      ["a dump without its final line end", { body: DUMP.trimEnd() }],
      ["an HTML page", { headers: { "content-type": "text/html" }, body: HTML }],
      ["an HTML page that calls itself CSV", { headers: { "content-type": "text/csv" }, body: HTML }],
      ["malformed JSON", { headers: { "content-type": "application/json" }, body: '{"status":' }],
      ["an error envelope", { ...errorReply(200, "GeneralException", "no") }],
      ["null data", jsonReply({ status: "success", data: null })],
      ["an empty body", { body: "" }],
      ["an empty compressed body", csvReply("")],
      ["no content", { status: 204 }],
      ["part of the content", { status: 206, body: DUMP }],
      ["bytes that are no text", { body: Uint8Array.of(0xff, 0xfe, 0x00) }],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )("are corrupt as %s", async (_, reply) => {
    expect(await tagOf(reply, "instruments")).toBe("Corrupt");
  });
});

describe("candles", () => {
  it("are read, compressed or not", async () => {
    for (const headers of [{}, { "content-encoding": "gzip" }]) {
      const body = "content-encoding" in headers ? gzipSync(CANDLES) : CANDLES;
      await withServer(() => ({ headers, body }), async ({ root }) => {
        expect(valueOf(await ask.candles(root)).candles).toEqual([{
          ts: Date.parse("2017-12-15T03:45:00Z"),
          open: "1704.5",
          high: "1705",
          low: "1699.25",
          close: "1702.8",
          volume: 2_499,
          oi: null,
        }]);
      });
    }
  });

  it.each(
    [
      ["JSON cut inside well-formed HTTP", { body: CANDLES.slice(0, -20) }],
      ["a connection that breaks", { body: CANDLES, then: "cut" }],
      ["compressed JSON that is cut", {
        headers: { "content-encoding": "gzip" },
        body: gzipSync(CANDLES).subarray(0, 60),
      }],
      ["an HTML page", { headers: { "content-type": "text/html" }, body: HTML }],
      ["malformed JSON", { body: "{'status': 'success'}" }],
      ["null data", jsonReply({ status: "success", data: null })],
      ["data without candles", jsonReply({ status: "success", data: {} })],
      ["another shape of row", jsonReply({ status: "success", data: { candles: [[1, 2]] } })],
      ["an empty body", { body: "" }],
      ["no content", { status: 204 }],
      ["a byte that is no text", { body: withBadByte(CANDLES) }],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )("are corrupt as %s", async (_, reply) => {
    expect(await tagOf(reply, "candles")).toBe("Corrupt");
  });

  it("with a bad row keep the others", () => {
    const rows = [["2017-12-15T09:15:00+0530", "a", 1, 1, 1, 1], ["2017-12-15T09:16:00+0530", 1, 1, 1, 1, 1]];
    return withServer(() => jsonReply({ status: "success", data: { candles: rows } }), async ({ root }) => {
      const { candles, rejected } = valueOf(await ask.candles(root));
      expect(candles).toHaveLength(1);
      expect(rejected).toEqual([{
        reason: "price is not a number",
        raw: JSON.stringify(rows[0]),
        ts: Date.parse("2017-12-15T09:15:00+05:30"),
      }]);
    });
  });

  it("name the instrument and the span when they fail", () =>
    withServer(
      () => errorReply(400, "InputException", "interval exceeds max limit: 60 days"),
      async ({ root }) => {
        const span = {
          from: Date.parse("2024-01-01T00:00:00+05:30"),
          to: Date.parse("2024-06-01T00:00:00+05:30"),
        };
        const exit = await withKite(root, (kite) => kite.candles.candles(askFor("408065", "minute", span)));
        expect(Exit.findErrorOption(exit).valueOrUndefined?.message).toBe(
          "kite: minute candles of NSE:INFY 2024-01-01 00:00:00 to 2024-06-01 00:00:00: " +
            "GET /instruments/historical/408065/minute: 400 InputException: interval exceeds max limit: 60 days",
        );
      },
    ));
});

describe.each(["profile", "instruments", "candles"] as const)("refusals of %s", (what) => {
  it.each(
    [
      ["RateLimited", errorReply(429, "NetworkException", "Too many requests")],
      ["RateLimited", { status: 429, headers: { "content-type": "text/plain" }, body: "slow down" }],
      ["Unauthorized", errorReply(403, "TokenException", "Incorrect `api_key` or `access_token`.")],
      ["Unauthorized", errorReply(400, "InputException", "Missing `api_key` or `access_token`")],
      ["Invalid", errorReply(400, "InputException", "invalid token")],
      ["Unavailable", { status: 502, headers: { "content-type": "text/html" }, body: HTML }],
      ["Unavailable", errorReply(503, "NetworkException", "Gateway")],
      ["Unavailable", { status: 500, body: "half of an error", then: "cut" }],
      ["Corrupt", { status: 302, headers: { location: "https://kite.zerodha.com/" } }],
      ["Corrupt", { body: HTML }],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )("are %s", async (tag, reply) => {
    expect(await tagOf(reply, what)).toBe(tag);
  });

  it("carry the time to wait", () =>
    withServer(() => ({ status: 429, headers: { "retry-after": "12" } }), async ({ root }) => {
      expect(reasonOf(await ask[what](root))).toMatchObject({ _tag: "RateLimited", retryAfter: 12_000 });
    }));
});

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[Math.floor(copy.length / 2)]! ^= 0xff;
  return copy;
}

/** The text with a byte in its first string that no UTF-8 has. */
function withBadByte(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text.replace("{", '{"note":"?",'));
  bytes[bytes.indexOf(63)] = 0xff;
  return bytes;
}
