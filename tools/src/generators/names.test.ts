import { expect, it } from "vitest";
import { namesOf } from "./names.ts";

it("makes every name from the id", () => {
  expect(namesOf("my-broker")).toEqual({
    id: "my-broker",
    Name: "MyBroker",
    NAME: "MY_BROKER",
    title: "My Broker",
  });
  expect(namesOf("x2", "Exchange No. 2").title).toBe("Exchange No. 2");
});

it.each(["", "My", "1x", "my_broker", "my--broker", "-x", "x-", "a b", "source/x", "ä", "x".repeat(25)])(
  "refuses %j for an id",
  (id) => expect(() => namesOf(id)).toThrow(/is no id for a plugin: lower-case letters/),
);

it.each(['say "x"', "a\nb", "${x}", "`", "x".repeat(61)])("refuses %j for a name to show", (title) => {
  expect(() => namesOf("x", title)).toThrow(/is no name to show/);
});
