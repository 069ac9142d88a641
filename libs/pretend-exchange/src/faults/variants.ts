import type { RouteName } from "../server/request.ts";
import { pick, substream, type Word } from "../random.ts";
import { ANYWHERE, type DrawableKind, OF_CANDLES, type PassingRule } from "./script.ts";

/** A kind with its particulars, as a rule of kind `any` draws it. */
export type Variant = Exclude<PassingRule, { readonly fault: "any" | "token-death" }>;

type NonEmpty<A> = readonly [A, ...ReadonlyArray<A>];

const VARIANTS: { readonly [K in DrawableKind]: NonEmpty<Extract<Variant, { readonly fault: K }>> } = {
  "rate-limit": [{ fault: "rate-limit" }, { fault: "rate-limit", retryAfter: 1 }],
  unavailable: [
    { fault: "unavailable", status: 500 },
    { fault: "unavailable", status: 502, body: "html" },
    { fault: "unavailable", status: 503 },
    { fault: "unavailable", status: 504, body: "html" },
  ],
  html: [{ fault: "html" }],
  "malformed-json": [{ fault: "malformed-json" }],
  "cut-gzip": [{ fault: "cut-gzip" }],
  "cut-content": [{ fault: "cut-content" }],
  "cut-body": [{ fault: "cut-body" }],
  reset: [{ fault: "reset" }],
  hang: [{ fault: "hang", seconds: 1 }],
  drip: [{ fault: "drip", pieces: 6, milliseconds: 20 }],
  slow: [{ fault: "slow", milliseconds: 200 }],
  "wrong-instrument": [{ fault: "wrong-instrument" }],
  "out-of-range": [{ fault: "out-of-range", side: "before" }, { fault: "out-of-range", side: "after" }],
  "out-of-order": [{ fault: "out-of-order" }],
  duplicated: [{ fault: "duplicated" }],
  empty: [{ fault: "empty" }],
  "short-row": [{ fault: "short-row" }],
};

/** Draws a kind, of `kinds` or else of all that can go wrong on the route and pass, and then its particulars. */
export const drawVariant = (
  word: Word,
  kinds: NonEmpty<DrawableKind> | undefined,
  route: RouteName,
): Variant => {
  const kind: DrawableKind = pick(
    substream(word, "kind"),
    kinds ?? (route === "historical" ? [...ANYWHERE, ...OF_CANDLES] : ANYWHERE),
  );
  return pick<Variant>(substream(word, "variant"), VARIANTS[kind]);
};
