import { Redacted } from "effect";

const HIDDEN = "<secret>";

/** Shorter texts are no secrets worth the name, and would tear holes into ordinary words. */
const SHORTEST = 6;

/**
 * The password inside an address such as `postgres://user:password@host/db`, as written and as meant. One that is the
 * user's name is left out: it would hide the word `postgres` wherever it stands.
 */
const passwordsIn = (text: string): ReadonlyArray<string> => {
  const [, user, password] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#:@]*):([^/?#]*)@/i.exec(text) ?? [];
  if (password === undefined || password === user) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
};

/** A secret as it stands, in an address, and in JSON. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  JSON.stringify(secret).slice(1, -1),
];

/**
 * The secrets of a run. Nothing should ever try to print one; this is the last line behind which none gets out,
 * whatever a library puts into its messages.
 */
export class Secrets {
  /** Every form in which a secret may stand, longest first: the password is part of its address. */
  private forms: ReadonlyArray<string> = [];

  /** Remembers what is `Redacted` among decoded settings. */
  addFrom(values: Readonly<Record<string, unknown>>): void {
    const secrets = Object.values(values).flatMap((value) => {
      const secret = Redacted.isRedacted(value) ? Redacted.value(value) : undefined;
      return typeof secret === "string" ? [secret, ...passwordsIn(secret)] : [];
    });
    this.add(secrets);
  }

  /** Remembers texts that are to be treated as secrets. */
  add(secrets: ReadonlyArray<string>): void {
    const forms = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf);
    this.forms = [...new Set([...this.forms, ...forms])].sort((left, right) => right.length - left.length);
  }

  /** The text with every known secret replaced. */
  hide(text: string): string {
    return this.forms.reduce((hidden, form) => hidden.replaceAll(form, HIDDEN), text);
  }
}
