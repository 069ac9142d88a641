import { expectFirstRun, expectManifest } from "@candlewick/pretend-exchange/testing";
import { it } from "@effect/vitest";
import { Effect } from "effect";
import plugin from "./plugin.ts";

it.live("the plugin starts a sandbox, tells how to reach it and what a first run loads", () =>
  Effect.gen(function* () {
    const session = yield* plugin.acquire;
    const { root, apiKey, accessToken } = session.settings;
    const dump = yield* Effect.promise(() =>
      fetch(`${root}/instruments/NSE`, {
        headers: { "x-kite-version": "3", authorization: `token ${apiKey}:${accessToken}` },
      }).then((response) => response.text())
    );
    const listed = new Set(dump.split("\n").map((line) => `NSE:${line.split(",")[2]}`));
    expectFirstRun(session, listed);
  }));

it("the manifest and the plugin agree", () =>
  expectManifest(plugin, new URL("../package.json", import.meta.url)));
