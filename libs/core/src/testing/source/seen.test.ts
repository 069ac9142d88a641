import { expect, it } from "@effect/vitest";
import { Redacted } from "effect";
import { textOf } from "./seen.ts";

it("textOf finds text wherever it hides, and nothing in what is redacted", () => {
  const hidden = Object.defineProperty({}, "token", { value: "in a hidden property" });
  const ring: Record<string, unknown> = {
    a: ["in an array"],
    m: new Map([["in a key", new Set(["in a set"])]]),
  };
  ring["self"] = ring;
  const error = new Error("in a message", { cause: { deep: [hidden, ring, Redacted.make("never seen")] } });
  const text = textOf({ error, headers: new Headers({ authorization: "in a header" }) });
  for (
    const part of [
      "in a hidden property",
      "in an array",
      "in a key",
      "in a set",
      "in a message",
      "in a header",
    ]
  ) expect(text).toContain(part);
  expect(text).not.toContain("never seen");
});
