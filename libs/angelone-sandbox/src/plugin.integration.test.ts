import { expectFirstRun, expectManifest } from "@candlewick/pretend-exchange/testing";
import { expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { generateSync } from "otplib";
import plugin from "./plugin.ts";
import { LOGIN, MASTER, type ScripRow } from "./test-client.ts";

it.live("the plugin starts a sandbox, tells how to log in to it and what a first run loads", () =>
  Effect.gen(function* () {
    const session = yield* plugin.acquire;
    const { root, masterRoot, apiKey = "", clientCode, pin, totpSecret = "" } = session.settings;
    const scrips: ReadonlyArray<ScripRow> = yield* Effect.promise(() =>
      fetch(masterRoot + MASTER).then((response) => response.json())
    );
    const listed = new Set(scrips.map(({ exch_seg, symbol }) => `${exch_seg}:${symbol}`));
    expectFirstRun(session, listed);

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
  }));

it("the manifest and the plugin agree", () =>
  expectManifest(plugin, new URL("../package.json", import.meta.url)));
