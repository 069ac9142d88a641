import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataOf, refusalOf } from "./envelope.ts";
import { classify, classifyLogin, classifyMaster } from "./errors.ts";

const REQUEST = "POST /rest/secure/x";

const api = (errorcode: string, message: string) =>
  JSON.stringify({ status: false, message, errorcode, data: null });
const gateway = (errorCode: string, message: string) =>
  JSON.stringify({ success: false, message, errorCode, data: "" });

const html = "<html><head><title>Request Rejected</title></head></html>";
const conceal = (text: string) => text;

const TOO_MANY = "Access denied because of exceeding access rate";

/** By status and body, as a call, as a login and as the scrip master. */
const reasonsOf = (status: number, body: string) => {
  const refusal = refusalOf({ request: REQUEST, status, retryAfter: undefined }, body);
  return [classify, classifyLogin, classifyMaster].map((of) => of(refusal)._tag);
};

describe("what an answer means", () => {
  it.each([
    [403, TOO_MANY, ["RateLimited", "RateLimited", "RateLimited"]],
    [429, "", ["RateLimited", "RateLimited", "RateLimited"]],
    [200, api("AB1004", "Too many requests"), ["RateLimited", "RateLimited", "RateLimited"]],
    [401, gateway("AG8001", "Invalid Token"), ["Unauthorized", "Unauthorized", "Unavailable"]],
    [403, gateway("AG8002", "Token Expired"), ["Unauthorized", "Unauthorized", "Unavailable"]],
    [403, html, ["Unauthorized", "Unauthorized", "Unavailable"]],
    [401, "", ["Unauthorized", "Unauthorized", "Unavailable"]],
    [400, api("AB4006", "Invalid symboltoken"), ["Invalid", "Unauthorized", "Invalid"]],
    [400, html, ["Invalid", "Unauthorized", "Invalid"]],
    [404, "", ["Invalid", "Unauthorized", "Invalid"]],
    [408, "", ["Unavailable", "Unavailable", "Unavailable"]],
    [500, api("AB2001", "Internal Error"), ["Unavailable", "Unavailable", "Unavailable"]],
    [502, html, ["Unavailable", "Unavailable", "Unavailable"]],
    [302, "", ["Corrupt", "Corrupt", "Corrupt"]],
    [204, "", ["Corrupt", "Corrupt", "Corrupt"]],
  ])("%d %s is %s", (status, body, tags) => {
    expect(reasonsOf(status, body)).toEqual(tags);
  });

  it.each([
    [gateway("AG8001", "Invalid Token"), "Unauthorized", "Unauthorized"],
    [gateway("AG8002", "Token Expired"), "Unauthorized", "Unauthorized"],
    [gateway("AG8003", "Token missing"), "Unauthorized", "Unauthorized"],
    [api("AB1010", "AMX Session Expired"), "Unauthorized", "Unauthorized"],
    [api("AB8051", "Refresh Token Expired"), "Unauthorized", "Unauthorized"],
    [api("AB1006", "Client Is Block For Trading"), "Unauthorized", "Unauthorized"],
    [api("AB1050", "Invalid totp"), "Unauthorized", "Unauthorized"],
    [api("AB1007", "Invalid Password"), "Unavailable", "Unauthorized"],
    [api("AB9999", "never heard of"), "Unavailable", "Unauthorized"],
    [api("", "no"), "Unavailable", "Unauthorized"],
    ['{"status":"false","message":"no","errorcode":"AB1007","data":"null"}', "Unavailable", "Unauthorized"],
    [api("AB1004", "Something Went Wrong, Please Try After Sometime"), "Unavailable", "Unavailable"],
    [api("AB2001", "Internal Error, Please try after sometime"), "Unavailable", "Unavailable"],
    [api("AB4006", "Invalid symboltoken"), "Invalid", "Unauthorized"],
    [api("AB1009", "Symbol Not Found"), "Invalid", "Unauthorized"],
    [TOO_MANY, "RateLimited", "RateLimited"],
    [html, "Corrupt", "Corrupt"],
    ["", "Corrupt", "Corrupt"],
    ["[]", "Corrupt", "Corrupt"],
    ['{"data":[]}', "Corrupt", "Corrupt"],
    ['{"status":true,"data":[', "Corrupt", "Corrupt"],
  ])("%s with status 200 is %s, and of a login %s", (body, call, login) => {
    expect(dataOf(REQUEST, body, { classify, isSecret: false, conceal })).toMatchObject({
      failure: { _tag: call },
    });
    expect(dataOf(REQUEST, body, { classify: classifyLogin, isSecret: true, conceal })).toMatchObject({
      failure: { _tag: login },
    });
  });

  it("is the data of either envelope", () => {
    for (
      const verdict of [{ status: true, errorcode: "" }, { success: true, errorCode: "" }, { status: "true" }]
    ) {
      const body = JSON.stringify({ ...verdict, message: "SUCCESS", data: [1] });
      expect(dataOf(REQUEST, body, { classify, isSecret: false, conceal })).toMatchObject({ success: [1] });
    }
  });

  it("says what was asked, the status, the code and what the vendor said", () => {
    expect(
      classify(
        refusalOf(
          { request: REQUEST, status: 400, retryAfter: undefined },
          api("AB4006", "Invalid\n symboltoken"),
        ),
      ).message,
    )
      .toBe("POST /rest/secure/x: 400 AB4006: Invalid symboltoken");
    expect(classify(refusalOf({ request: REQUEST, status: 403, retryAfter: undefined }, html))).toMatchObject(
      {
        message: 'POST /rest/secure/x: 403: an HTML page, "Request Rejected"',
        hint: expect.stringContaining("ANGELONE_ROOT"),
      },
    );
    expect(
      classify(refusalOf({ request: REQUEST, status: 200, retryAfter: undefined }, gateway("AG8001", "no"))),
    )
      .toMatchObject({ hint: expect.stringContaining("ANGELONE_PIN") });
  });

  it("quotes no piece of an answer that holds tokens", () => {
    const cut = '{"status":true,"data":{"jwtToken":"secret-jwt';
    const failure = dataOf(REQUEST, cut, { classify: classifyLogin, isSecret: true, conceal });
    expect(failure).toMatchObject({
      failure: { _tag: "Corrupt", message: "POST /rest/secure/x: something instead of Angel One's JSON" },
    });
  });

  it("is some reason for any status and any body, in few words", () => {
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 599 }), fc.string({ maxLength: 2_000 }), (status, body) => {
        const refusal = refusalOf({ request: REQUEST, status, retryAfter: undefined }, body);
        for (const  of of[classify, classifyLogin, classifyMaster]) {
          expect(of(refusal).message.length).toBeLessThan(400);
          if (status >= 500) expect(of(refusal)._tag).toBe("Unavailable");
        }
      }),
    );
  });
});
