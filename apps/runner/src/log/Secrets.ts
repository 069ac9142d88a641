import { Redacted } from "effect";

const HIDDEN = "<secret>";

/** Shorter texts are no secrets worth the name, and would tear holes into ordinary words. */
const SHORTEST = 6;

/** The password inside an address such as `postgres://user:password@host/db`, as written and as meant. */
const passwordsIn = (text: string): ReadonlyArray<string> => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@]*:([^/?#]*)@/i.exec(text)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
};

/**
 * The secrets of a run. Nothing should ever try to print one; this is the last line behind which none gets out,
 * whatever a library puts into its messages.
 */
export class Secrets {
  private readonly known = new Set<string>();

  /** Remembers what is `Redacted` among decoded settings. */
  addFrom(values: Readonly<Record<string, unknown>>): void {
    for (const value of Object.values(values)) {
      if (!Redacted.isRedacted(value)) continue;
      const secret = Redacted.value(value);
      if (typeof secret !== "string") continue;
      for (const text of [secret, ...passwordsIn(secret)]) {
        if (text.length >= SHORTEST) this.known.add(text);
      }
    }
  }

  /** The text with every known secret replaced, also where it stands encoded for an address or in JSON. */
  hide(text: string): string {
    let hidden = text;
    // Longest first: a password is part of its address.
    for (const secret of [...this.known].sort((left, right) => right.length - left.length)) {
      for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
        hidden = hidden.replaceAll(form, HIDDEN);
      }
    }
    return hidden;
  }
}
