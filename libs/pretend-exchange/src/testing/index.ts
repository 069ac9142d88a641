/** For tests of sandboxes: a plain client, the test's clock, and what the runner asks of every sandbox. */
export { type Seen, send } from "./client.ts";
export { atNoon, ist } from "./clock.ts";
export { expectFirstRun, expectManifest } from "./plugin.ts";
