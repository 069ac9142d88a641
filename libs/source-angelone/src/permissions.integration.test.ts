import { runPermitted, type Seen, withServer } from "@candlewick/vendor-http/testing";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { data, isLogin, listings, rows, tokens } from "./testing/vendor.ts";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))["candlewick"];

const program = fileURLToPath(new URL("./testing/narrow.ts", import.meta.url));

const answer = (request: Seen) => isLogin(request) ? tokens("jwt", "refresh") : data(request);

const run = (root: string, net: string) => runPermitted(program, root, { net, env: manifest.env });

describe("permissions", () => {
  it("of the manifest are enough to log in and to fetch", () =>
    withServer(answer, async ({ root }) => {
      expect(JSON.parse(await run(root, new URL(root).host))).toEqual({
        instruments: listings.length,
        candles: rows.length,
      });
    }), 30_000);

  it("that are withheld are named in the error", () =>
    withServer(answer, async ({ root }) => {
      await expect(run(root, "127.0.0.1:1")).rejects.toMatchObject({
        stderr: expect.stringMatching("loginByPassword: Requires net access to"),
      });
    }), 30_000);
});
