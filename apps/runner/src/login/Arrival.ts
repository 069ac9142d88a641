import type { Effect } from "effect";

/** What the browser is told when its login is through. */
export interface Outcome {
  readonly title: string;
  readonly text: string;
}

/** An address that the vendor sent the browser to, caught or pasted. */
export interface Arrival {
  readonly address: URL;
  /** Tells whoever brought it how it went. */
  readonly answer: (outcome: Outcome) => Effect.Effect<void>;
}
