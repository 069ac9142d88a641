import { Manifest, Setting } from "@candlewick/core";
import { askFor, reasonOf } from "@candlewick/vendor-http/testing";
import { Redacted, Result } from "effect";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import { settings } from "./settings.ts";
import { settingsFor, withAngelOne } from "./testing/fixtures.ts";

const { masterRoot, root } = settings;

const info = plugin.info(settingsFor(root.fallback!, { masterRoot: masterRoot.fallback! }));

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))["candlewick"];

describe("Angel One plugin", () => {
  it("is what its manifest says", () => {
    const declared = Result.getOrThrow(Manifest.read("@candlewick/source-angelone", ".", manifest));
    expect(declared?.manifest).toMatchObject({
      kind: plugin.kind,
      id: plugin.id,
      summary: plugin.summary,
    });
    expect(info.hosts).toHaveLength(2);
    for (const host of info.hosts) expect(manifest.net).toContain(`${host}:443`);
  });

  it("declares the vendor's three limits of candles", () => {
    expect(info.limits.candles).toEqual([
      { requests: 3, millis: 1_000 },
      { requests: 180, millis: 60_000 },
      { requests: 5_000, millis: 3_600_000 },
    ]);
    expect(info.daysPerRequest).toMatchObject({ minute: 30, "60minute": 400, day: 2_000 });
  });

  it("offers its instruments to everyone, all exchanges in one dump, and logs in without a browser", () => {
    expect(info).toMatchObject({ open: ["instruments"], dump: { holds: "all" }, tokenType: "text" });
    expect(plugin.login).toBeUndefined();
  });

  it("talks to the hosts of its addresses", () => {
    expect(plugin.info(settingsFor("http://127.0.0.1:4000")).hosts).toEqual(["127.0.0.1:4000"]);
  });

  it("keeps its secrets redacted from the moment they are decoded", () => {
    for (const key of ["apiKey", "pin", "totpSecret"] as const) {
      const decoded = Result.getOrThrow(Setting.decode(settings[key], "hush"));
      expect(Redacted.isRedacted(decoded)).toBe(true);
      expect(settings[key].secret).toBe(true);
    }
  });

  it("says that there are no continuous series, and asks nobody", async () => {
    const exit = await withAngelOne(
      "http://127.0.0.1:1",
      ({ candles }) => candles.candles(askFor("1594", "day", { continuous: true })),
    );
    expect(reasonOf(exit)).toMatchObject({ _tag: "Invalid", message: expect.stringContaining("continuous") });
  });
});
