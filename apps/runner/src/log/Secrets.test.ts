import { Redacted } from "effect";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Secrets } from "./Secrets.ts";

const knowing = (...secrets: ReadonlyArray<string>): Secrets => {
  const known = new Secrets();
  known.addFrom(Object.fromEntries(secrets.map((secret, index) => [`s${index}`, Redacted.make(secret)])));
  return known;
};

it("no text that holds a secret gets out with it: plain, in JSON, or in an address", () => {
  const secret = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => !"<secret>".includes(text));
  fc.assert(fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
    const secrets = knowing(text);
    expect(secrets.hide(`${before}${text}${after}`)).not.toContain(text);
    expect(JSON.parse(secrets.hide(JSON.stringify({ message: text })))).toEqual({ message: "<secret>" });
    expect(secrets.hide(`https://x.example/?k=${encodeURIComponent(text)}`)).toBe(
      "https://x.example/?k=<secret>",
    );
  }));
});

it("the password of an address is a secret of its own, as written and as meant", () => {
  const secrets = knowing("postgres://ann:p%40ssword@db.example:5432/market");
  expect(secrets.hide("p%40ssword and p@ssword at db.example")).toBe("<secret> and <secret> at db.example");
  expect(secrets.hide("postgres://ann:p%40ssword@db.example:5432/market")).toBe("<secret>");
});

it("what is no secret stays: other values, short ones, and text before any is known", () => {
  const secrets = knowing("abc");
  secrets.addFrom({ user: "ann-of-example", key: undefined, size: 3 });
  expect(secrets.hide("abc of ann-of-example 3")).toBe("abc of ann-of-example 3");
});

it("a password that is the user's name hides no word that stands everywhere", () => {
  const secrets = knowing("postgres://postgres:postgres@localhost/market");
  expect(secrets.hide("sink postgres: postgres://postgres:postgres@localhost/market")).toBe(
    "sink postgres: <secret>",
  );
});

it("texts that only count as secrets are hidden like them", () => {
  const secrets = knowing("token-of-today");
  secrets.add(["key-of-the-app", "ann"]);
  expect(secrets.hide("ann: key-of-the-app:token-of-today")).toBe("ann: <secret>:<secret>");
});
