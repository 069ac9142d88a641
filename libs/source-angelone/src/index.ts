/** Angel One's SmartAPI as a source of instruments and candles. The runner loads `plugin.ts` by the manifest. */
export { default as plugin } from "./plugin.ts";
export { type AngelOneSettings, settings } from "./settings.ts";
