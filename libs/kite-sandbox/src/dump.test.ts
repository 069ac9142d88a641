import { makeMarket, Time } from "@candlewick/pretend-exchange";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DUMP_COLUMNS, renderDump } from "./dump.ts";

const listing = makeMarket(1).listingOn(Time.dayOf(2026, 11, 20));

describe("a dump", () => {
  it("is written as the vendor writes it", () => {
    const lines = renderDump(listing.instruments).split("\n");
    expect(lines[0]).toBe(DUMP_COLUMNS);
    expect(lines.at(-1)).toBe("");
    expect(lines).toHaveLength(listing.instruments.length + 2);
    for (const line of lines.slice(1, -1)) expect(line.replace(/"[^"]*"/, "").split(",")).toHaveLength(12);
    expect(lines.find((line) => line.includes(",EMBERBANK,") && line.endsWith(",NSE"))).toMatch(
      /^\d+,\d+,EMBERBANK,"EMBER BANK",0,,0,0\.05,1,EQ,NSE,NSE$/,
    );
  });

  it("is the same on every machine", () => {
    const digest = createHash("sha256").update(renderDump(listing.instruments)).digest("hex");
    expect(digest).toBe("2717671bb00fe8d5fbb36bc56ad92548c544f4a31955d5d5da45c564e3928bb7");
  });
});
