import { Effect } from "effect";

/** What came back, seen as a plain HTTP client sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the vendor's error envelope says; empty for a good answer. */
  readonly error: string;
}

/** Sends a request; network faults fail the effect. */
export const send = (url: string, request: RequestInit, errorIn: (text: string) => string) =>
  Effect.tryPromise(async (signal): Promise<Seen> => {
    const response = await fetch(url, { ...request, signal });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, error: errorIn(text) };
  });
