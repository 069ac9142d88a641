/** Kite Connect by Zerodha as a source of instruments and candles. The runner loads `plugin.ts` by the manifest. */
export { default as plugin } from "./plugin.ts";
export { type KiteSettings, settings } from "./settings.ts";
