import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { INTERVALS } from "./api/intervals.ts";

const page = readFileSync(new URL("../../../docs/angelone-sandbox.md", import.meta.url), "utf8");
const api = new URL("api/", import.meta.url);

it("the page on the sandbox has every error code that its API answers with, and no other", () => {
  const sources = readdirSync(api).filter((name) => name.endsWith(".ts") && !name.includes("test"))
    .map((name) => readFileSync(new URL(name, api), "utf8")).join("");
  const answered = new Set([...sources.matchAll(/"(A[BG]\d{4})"/g)].map(([, code]) => code));
  expect(answered.size).toBeGreaterThan(9);
  expect(new Set([...page.matchAll(/^\| `(A[BG]\d{4})`/gm)].map(([, code]) => code))).toEqual(answered);
});

it("the page has the days per request in the order of the intervals", () => {
  const days = Object.values(INTERVALS).map(({ days }) => String(days));
  expect(page.replaceAll(/\s+/g, " ")).toContain(
    `Days per request by interval: ${days.slice(0, -1).join(", ")} and ${days.at(-1)}`,
  );
});
