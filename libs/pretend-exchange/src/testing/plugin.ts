import type { Plugin } from "@candlewick/core";
import { expect } from "@effect/vitest";
import { readFileSync } from "node:fs";
import { DAY_SECONDS, dayOf, localSeconds } from "../time.ts";

/** A first run asks for days of instruments that are listed, and takes less than a minute. */
export const expectFirstRun = (
  { description, parameters }: Plugin.SandboxSession,
  listed: ReadonlySet<string>,
): void => {
  const symbols = parameters["historic"]?.["symbols"] as ReadonlyArray<string>;
  expect(symbols.filter((symbol) => !listed.has(symbol))).toEqual([]);
  expect(parameters["historic"]?.["interval"]).toBe("day");
  expect(description).toContain("invented market");
  // From the bootstrap date in pieces of 2000 days, 3 requests a second.
  const days = localSeconds(Date.now()) / DAY_SECONDS - dayOf(1995, 1, 1);
  expect(symbols.length * Math.ceil(days / 2000) / 3).toBeLessThan(60);
};

/** The manifest, in a `package.json`, and the plugin agree. */
export const expectManifest = ({ for: source, id, kind, summary }: Plugin.SandboxPlugin, path: URL): void => {
  const { candlewick } = JSON.parse(readFileSync(path, "utf8"));
  expect(candlewick).toMatchObject({ kind, id, for: source, summary });
};
