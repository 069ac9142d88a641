import { Time } from "@candlewick/pretend-exchange";
import { expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { readFileSync } from "node:fs";
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
    const symbols = session.parameters["historic"]?.["symbols"] as ReadonlyArray<string>;
    expect(symbols.filter((symbol) => !listed.has(symbol))).toEqual([]);
    expect(session.parameters["historic"]?.["interval"]).toBe("day");
    expect(session.description).toContain("invented market");

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
