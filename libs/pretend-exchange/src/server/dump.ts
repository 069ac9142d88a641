import { gzipSync } from "node:zlib";
import { type Answer, answer } from "./answer.ts";

/** A dump of instruments as bytes, compressed when it is first asked for. */
export class Dump {
  readonly plain: Uint8Array;
  #gzipped: Uint8Array | undefined;

  /** @param gzipped the same compressed, where that is at hand */
  constructor(plain: Uint8Array, gzipped?: Uint8Array) {
    this.plain = plain;
    this.#gzipped = gzipped;
  }

  get gzipped(): Uint8Array {
    return this.#gzipped ??= gzipSync(this.plain, { level: 6 });
  }
}

/** A dump for a client that accepts these encodings. */
export const dumpAnswer = (dump: Dump, contentType: string, acceptEncoding: string | undefined): Answer => {
  if (!/\bgzip\b/.test(acceptEncoding ?? "")) return answer(200, contentType, dump.plain);
  const compressed = answer(200, contentType, dump.gzipped);
  return { ...compressed, headers: { ...compressed.headers, "content-encoding": "gzip" } };
};
