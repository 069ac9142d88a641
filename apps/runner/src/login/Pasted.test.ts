import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressIn } from "./Pasted.ts";

const ADDRESS = "http://127.0.0.1:7411/?status=success&request_token=rt0&action=login";

describe("a pasted line", () => {
  it.each([
    ADDRESS,
    `  ${ADDRESS}\r`,
    `"${ADDRESS}"`,
    `'${ADDRESS}' `,
    `<${ADDRESS}>`,
    ADDRESS.slice("http://".length),
  ])("%j is the address", (line) => expect(addressIn(line)?.href).toBe(ADDRESS));

  it.each([
    ["localhost:7411/?request_token=rt0", "http://localhost:7411/?request_token=rt0"],
    ["https://me.example/back?code=1#x", "https://me.example/back?code=1#x"],
    ["me.example/back?code=1", "http://me.example/back?code=1"],
  ])("%j is %s", (line, address) => expect(addressIn(line)?.href).toBe(address));

  it.each([
    "",
    "   ",
    "yes",
    "rt0",
    "request_token=rt0",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://",
    "two words",
    `${ADDRESS} and more`,
  ])("%j is none", (line) => expect(addressIn(line)).toBeUndefined());

  it("never throws, and finds http addresses only", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (line) => {
        const address = addressIn(line);
        if (address !== undefined) expect(["http:", "https:"]).toContain(address.protocol);
      }),
      { numRuns: 1_000 },
    ));
});
