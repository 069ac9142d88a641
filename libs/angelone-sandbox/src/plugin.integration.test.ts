import { Time } from "@candlewick/pretend-exchange";
import { expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { readFileSync } from "node:fs";
import { generateSync } from "otplib";
import plugin from "./plugin.ts";
import { LOGIN, MASTER, type ScripRow } from "./test-client.ts";

it.live("the plugin starts a sandbox, tells how to log in to it and what a first run loads", () =>
  Effect.gen(function* () {
    const { settings, parameters, description } = yield* plugin.acquire;
    const { root, masterRoot, apiKey = "", clientCode, pin, totpSecret = "" } = settings;
    const scrips: ReadonlyArray<ScripRow> = yield* Effect.promise(() =>
      fetch(masterRoot + MASTER).then((response) => response.json())
    );
    const listed = new Set(scrips.map(({ exch_seg, symbol }) => `${exch_seg}:${symbol}`));
    const symbols = parameters["historic"]?.["symbols"] as ReadonlyArray<string>;
    expect(symbols.filter((symbol) => !listed.has(symbol))).toEqual([]);
    expect(parameters["historic"]?.["interval"]).toBe("day");
    expect(description).toContain("invented market");

    const login = yield* Effect.promise(() =>
      fetch(root + LOGIN, {
        method: "POST",
        headers: {
          "x-privatekey": apiKey,
          "x-usertype": "USER",
          "x-sourceid": "WEB",
          "x-clientlocalip": "127.0.0.1",
          "x-clientpublicip": "127.0.0.1",
          "x-macaddress": "00:00:00:00:00:00",
        },
        body: JSON.stringify({
          clientcode: clientCode,
          password: pin,
          totp: generateSync({ secret: totpSecret }),
        }),
      }).then((response) => response.json())
    );
    expect(login).toMatchObject({ status: true, data: { jwtToken: expect.any(String) } });

    // From the bootstrap date in pieces of 2000 days, 3 requests a second.
    const days = Time.localSeconds(Date.now()) / Time.DAY_SECONDS - Time.dayOf(1995, 1, 1);
    expect(symbols.length * Math.ceil(days / 2000) / 3).toBeLessThan(60);
  }));

it("the manifest and the plugin agree", () => {
  const { candlewick } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(candlewick).toMatchObject({
    kind: plugin.kind,
    id: plugin.id,
    for: plugin.for,
    summary: plugin.summary,
  });
});
