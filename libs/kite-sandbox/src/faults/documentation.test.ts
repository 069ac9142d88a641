import { KINDS, parseScript } from "@candlewick/pretend-exchange";
import { Result } from "effect";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../../../docs/kite-sandbox.md", import.meta.url), "utf8");

it("the page on the sandbox has a row for every kind of fault, with its keys", () => {
  const general = new Set(["fault", "route", "token", "symbol", "interval", "nth", "times", "chance"]);
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  for (const [kind, schema] of Object.entries(KINDS)) {
    const row = rows.find((line) => line.split("|")[1]?.includes(`\`${kind}\``)) ?? "";
    expect(row, kind).not.toBe("");
    const keys = Object.keys(schema.fields).filter((key) => !general.has(key));
    for (const key of keys) expect(row, `${key} of ${kind}`).toContain(`\`${key}\``);
  }
  for (const key of general) expect(page).toContain(`\`${key}\``);
});

it("the page's script is one", () => {
  const scripts = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) =>
    parseScript("page", text ?? "")
  );
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter(Result.isFailure)).toEqual([]);
});
