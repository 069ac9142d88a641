import { Effect } from "effect";
import type { SandboxError } from "./error.ts";
import { sandboxClock } from "./server/clock.ts";

/** A market that does not exist. */
export interface Invented {
  readonly kind: "invented";
  /** Names the market, an unsigned 32-bit integer. Default 1. */
  readonly seed?: number;
  /** Pretends that it is this date, `yyyy-mm-dd`; the time of day stays. Default: the clock's. */
  readonly today?: string;
}

/** Where the market of a sandbox comes from, and how often it may be asked. */
export interface MarketOptions<Replay, Limits> {
  /** Default: the invented market of seed 1. */
  readonly mode?: Invented | Replay;
  /** Default: the vendor's. */
  readonly limits?: "vendor" | "off" | Limits;
}

/** How a vendor makes its exchange of that. */
export interface Making<Replay, Limits, Exchange> {
  readonly limits: Readonly<Record<"vendor" | "off", Limits>>;
  readonly invented: (seed: number) => Exchange;
  readonly replay: (recorded: Replay) => Effect.Effect<Exchange, SandboxError>;
}

/** The clock, the exchange and the limits that a sandbox begins with. */
export const beginning = Effect.fnUntraced(
  function* <Replay extends { readonly kind: "replay" }, Limits extends object, Exchange>(
    { limits = "vendor", mode = { kind: "invented" } }: MarketOptions<Replay, Limits>,
    making: Making<Replay, Limits, Exchange>,
  ) {
    const isReplay = (one: Invented | Replay): one is Replay => one.kind === "replay";
    return {
      clock: yield* sandboxClock(isReplay(mode) ? undefined : mode.today),
      exchange: isReplay(mode) ? yield* making.replay(mode) : making.invented((mode.seed ?? 1) >>> 0),
      limits: typeof limits === "string" ? making.limits[limits] : limits,
    };
  },
);
