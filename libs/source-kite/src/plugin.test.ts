import { Interval, Manifest, Setting } from "@candlewick/core";
import { Redacted, Result } from "effect";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import { settings } from "./settings.ts";
import { settingsFor } from "./testing/fixtures.ts";

const info = plugin.info(settingsFor(settings.root.fallback!));

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))["candlewick"];

describe("Kite plugin", () => {
  it("is what its manifest says", () => {
    const declared = Result.getOrThrow(Manifest.read("@candlewick/source-kite", ".", manifest));
    expect(declared?.manifest).toMatchObject({
      kind: plugin.kind,
      id: plugin.id,
      summary: plugin.summary,
    });
    for (const host of info.hosts) expect(manifest.net).toContain(`${host}:443`);
  });

  it("offers every interval, with the days that one request may span", () => {
    expect(Object.keys(info.daysPerRequest).sort()).toEqual([...Interval.intervals].sort());
    expect(info.daysPerRequest).toMatchObject({ minute: 60, day: 2_000 });
    expect(Object.keys(info.earliest)).not.toContain("day");
  });

  it("declares the vendor's limits", () => {
    expect(info.limits).toEqual({
      instruments: [{ requests: 10, millis: 1_000 }],
      candles: [{ requests: 3, millis: 1_000 }],
    });
  });

  it("talks to the host of its root", () => {
    const hosts = plugin.info(settingsFor("http://127.0.0.1:4000")).hosts;
    expect(hosts).toEqual(["127.0.0.1:4000"]);
  });

  it("keeps its secrets redacted from the moment they are decoded", () => {
    for (const key of ["apiSecret", "accessToken"] as const) {
      const decoded = Result.getOrThrow(Setting.decode(settings[key], "hush"));
      expect(Redacted.isRedacted(decoded)).toBe(true);
      expect(settings[key].secret).toBe(true);
    }
  });
});
