/** What the sandbox would send if nothing goes wrong: a whole answer, with its body already encoded. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();

export const answer = (status: number, contentType: string, body: string | Uint8Array): Answer => ({
  status,
  headers: { "content-type": contentType },
  body: typeof body === "string" ? encoder.encode(body) : body,
});
