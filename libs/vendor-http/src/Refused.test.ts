import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byStatus, oneLine, refusalText, retryAfterMillis, sketch } from "./Refused.ts";

const NOW = Date.parse("2026-01-09T10:00:00Z");

describe("Retry-After", () => {
  it.each([
    ["10", 10_000],
    ["0", 0],
    ["Fri, 09 Jan 2026 10:00:30 GMT", 30_000],
    ["Fri, 09 Jan 2026 09:00:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is %s ms", (header, millis) => {
    expect(retryAfterMillis(header, NOW)).toBe(millis);
  });
});

describe("a few words on a body", () => {
  it.each([
    ["  \n", "an empty body"],
    ["<html><head><title>502 Bad Gateway</title></head></html>", 'an HTML page, "502 Bad Gateway"'],
    ["\n<!DOCTYPE html>", "an HTML page"],
    ['{"a":1}', 'a body that begins "{\\"a\\":1}"'],
  ])("%j: %s", (body, words) => {
    expect(sketch(body)).toBe(words);
  });

  it("are one line of bounded length", () => {
    fc.assert(fc.property(fc.string({ maxLength: 3_000 }), (body) => {
      expect(oneLine(body)).not.toMatch(/[\n\r\t]/);
      expect(oneLine(body).length).toBeLessThanOrEqual(300);
      expect(sketch(body).length).toBeLessThan(400);
    }));
  });
});

describe("what HTTP says of an answer", () => {
  const of = (status: number, retryAfter?: number) =>
    byStatus({ request: "GET /bars", status, headers: {}, body: "no", retryAfter }, "log in");

  it.each([
    [301, "Corrupt"],
    [204, "Corrupt"],
    [206, "Corrupt"],
    [400, "Invalid"],
    [404, "Invalid"],
    [401, "Unauthorized"],
    [403, "Unauthorized"],
    [408, "Unavailable"],
    [500, "Unavailable"],
    [599, "Unavailable"],
    [429, "RateLimited"],
  ])("%d is %s", (status, tag) => {
    expect(of(status)).toMatchObject({
      _tag: tag,
      message: `GET /bars: ${status}: a body that begins "no"`,
    });
  });

  it("keeps the time to stay away and the way to log in", () => {
    expect(of(429, 7_000)).toMatchObject({ retryAfter: 7_000 });
    expect(of(429)).not.toHaveProperty("retryAfter");
    expect(of(401)).toMatchObject({ hint: "log in" });
  });
});

it.each([
  [{ code: "TokenException", message: "log \n in" }, "GET /bars: 403 TokenException: log in"],
  [{ code: "TokenException" }, "GET /bars: 403 TokenException"],
  [{ message: "an empty body" }, "GET /bars: 403: an empty body"],
  [{ message: " " }, "GET /bars: 403"],
])("a refusal %j reads %s", (said, text) => {
  expect(refusalText({ request: "GET /bars", status: 403, ...said })).toBe(text);
});
