import { jsonReply, runPermitted, type Seen, withServer } from "@candlewick/vendor-http/testing";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dumpOf } from "./testing/dumps.ts";
import { csvReply } from "./testing/replies.ts";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))["candlewick"];

const program = fileURLToPath(new URL("./testing/narrow.ts", import.meta.url));

const answer = ({ path }: Seen) => {
  if (path === "/instruments") return csvReply(dumpOf(10));
  const data = path === "/session/token"
    ? { access_token: "fresh", login_time: "2026-01-09 10:00:00" }
    : { candles: [["2017-12-15T09:15:00+0530", 1, 2, 1, 2, 5]] };
  return jsonReply({ status: "success", data });
};

const run = (root: string, net: string) => runPermitted(program, root, { net, env: manifest.env });

describe("permissions", () => {
  it(
    "of the manifest are enough to fetch and to log in, and only a login loads kiteconnect",
    () =>
      withServer(answer, async ({ root }) => {
        expect(JSON.parse(await run(root, new URL(root).host))).toEqual({
          instruments: 10,
          candles: 1,
          isLoadedByFetch: false,
          isLoadedByLogin: true,
          credential: "fresh",
        });
      }),
    30_000,
  );

  it("that are withheld are named in the error", () =>
    withServer(answer, async ({ root }) => {
      await expect(run(root, "127.0.0.1:1")).rejects.toMatchObject({
        stderr: expect.stringMatching("GET /user/profile: Requires net access to"),
      });
    }), 30_000);
});
