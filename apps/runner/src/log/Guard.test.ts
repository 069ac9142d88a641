import { Cause } from "effect";
import { expect, it } from "vitest";
import { guardConsole, guardErrors } from "./Guard.ts";

it("what libraries print goes one way, as the console would write it", () => {
  let written = "";
  const target = { ...console };
  guardConsole(target, (text) => written += text);
  target.log("%s of %d", "one", 2);
  target.info({ a: 1 });
  target.debug("x");
  target.warn("careful");
  target.error(new Error("boom"));
  expect(written).toMatch(/^one of 2\n\{ a: 1 \}\nx\ncareful\nError: boom\n/);
});

it.each([
  ["unhandledrejection", { reason: new Error("nobody waited") }],
  ["error", { error: new Error("nobody waited") }],
])("%s is told as a fault, and the runtime says nothing of it", (type, fields) => {
  const target = new EventTarget();
  const faults: Array<string> = [];
  guardErrors(target, (cause) => faults.push(Cause.pretty(cause)));
  const event = Object.assign(new Event(type, { cancelable: true }), fields);
  target.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(faults).toEqual([expect.stringContaining("nobody waited")]);
});
