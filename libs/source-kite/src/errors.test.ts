import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "./errors.ts";
import { dataOf, refusalOf } from "./envelope.ts";

const reason = (status: number, body: string, retryAfter?: number) =>
  classify(refusalOf({ request: "GET /user/profile", status, retryAfter }, body));

const envelope = (errorType: string, message: string) =>
  JSON.stringify({ status: "error", message, data: null, error_type: errorType });

const html = "<html><head><title>502 Bad Gateway</title></head></html>";

describe("what an answer means", () => {
  it.each([
    [429, envelope("NetworkException", "Too many requests"), "RateLimited"],
    [429, "Too many requests", "RateLimited"],
    [429, html, "RateLimited"],
    [429, "", "RateLimited"],
    [403, envelope("TokenException", "Incorrect `api_key` or `access_token`."), "Unauthorized"],
    [403, envelope("PermissionException", "Insufficient permission for that call."), "Unauthorized"],
    [403, html, "Unauthorized"],
    [401, "", "Unauthorized"],
    [400, envelope("InputException", "Missing `api_key` or `access_token`"), "Unauthorized"],
    [400, envelope("TokenException", "Token is invalid or has expired."), "Unauthorized"],
    [400, envelope("UserException", "The account is blocked"), "Unauthorized"],
    [400, envelope("InputException", "interval exceeds max limit: 2000 days"), "Invalid"],
    [400, envelope("InputException", "invalid token"), "Invalid"],
    [400, html, "Invalid"],
    [404, envelope("GeneralException", "Route not found"), "Invalid"],
    [405, "", "Invalid"],
    [408, "", "Unavailable"],
    [500, envelope("GeneralException", "Something went wrong"), "Unavailable"],
    [502, envelope("DataException", "Upstream failed"), "Unavailable"],
    [502, html, "Unavailable"],
    [503, envelope("NetworkException", "Gateway is down"), "Unavailable"],
    [504, "", "Unavailable"],
    [301, "", "Corrupt"],
    [204, "", "Corrupt"],
    [206, "instrument_token", "Corrupt"],
  ])("%d %s is %s", (status, body, tag) => {
    expect(reason(status, body)._tag).toBe(tag);
  });

  it.each([
    [envelope("TokenException", "Token is invalid"), "Unauthorized"],
    [envelope("InputException", "Missing api_key"), "Unauthorized"],
    [envelope("InputException", "invalid from date"), "Invalid"],
    [envelope("NetworkException", "Too many requests"), "Unavailable"],
    [envelope("DataException", "Upstream failed"), "Unavailable"],
    ['{"status":"error","message":"no"}', "Corrupt"],
    ['{"status":"success"}', "Corrupt"],
    ['{"status":"success","data":null}', "Corrupt"],
    ['{"data":{"candles":[]}}', "Corrupt"],
    ['{"status":"success","data":{"candles":[', "Corrupt"],
    ["[]", "Corrupt"],
    ["null", "Corrupt"],
    ["", "Corrupt"],
    [html, "Corrupt"],
  ])("%s with status 200 is %s", (body, tag) => {
    expect(dataOf("GET /user/profile", body)).toMatchObject({ failure: { _tag: tag } });
  });

  it("says what was asked, the status, the error_type and what the vendor said", () => {
    expect(reason(400, envelope("InputException", "interval exceeds max limit: 2000 days")).message).toBe(
      "GET /user/profile: 400 InputException: interval exceeds max limit: 2000 days",
    );
    expect(reason(502, html).message).toBe('GET /user/profile: 502: an HTML page, "502 Bad Gateway"');
    expect(reason(503, "").message).toBe("GET /user/profile: 503: an empty body");
  });

  it("tells what to do about each refusal", () => {
    expect(reason(403, envelope("TokenException", "x"))).toMatchObject({
      hint: expect.stringContaining("nx run runner:login"),
    });
    expect(reason(403, envelope("PermissionException", "x"))).toMatchObject({
      hint: expect.stringContaining("subscription"),
    });
    expect(reason(403, html)).toMatchObject({ hint: expect.stringContaining("KITE_ROOT") });
  });

  it("classifies any status and any body, and keeps messages short", () => {
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 599 }), fc.string({ maxLength: 2_000 }), (status, body) => {
        const { _tag, message } = reason(status, body);
        expect(message.length).toBeLessThan(400);
        expect(_tag === "RateLimited").toBe(status === 429);
        expect(_tag === "Unavailable").toBe(status >= 500 || status === 408);
      }),
    );
  });
});

describe("a time to stay away", () => {
  it("reaches the reason", () => {
    expect(reason(429, "", 7_000)).toMatchObject({ _tag: "RateLimited", retryAfter: 7_000 });
    expect(reason(429, "")).not.toHaveProperty("retryAfter");
  });
});
