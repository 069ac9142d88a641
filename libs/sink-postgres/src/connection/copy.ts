import type { Readable, Writable } from "node:stream";

/**
 * COPY with postgres.js 3.4.9. Its query resolves with a stream as soon as the server is ready for data; an error
 * that arrives after the last byte was sent reaches nobody, and the callback of the stream then never comes. But
 * the query is settled a second time when the server has finished, so both settlements are listened to here.
 */
interface CopyQuery {
  resolve: (value: unknown) => void;
  reject: (cause: unknown) => void;
  execute: () => unknown;
}

const settlements = (query: object, onReady: (stream: unknown) => void) => {
  const copy = query as CopyQuery;
  let ready = false;
  const finished = new Promise<unknown>((resolve, reject) => {
    const { resolve: settle, reject: refuse } = copy;
    copy.resolve = (value) => {
      settle(value);
      if (ready) return resolve(value);
      ready = true;
      onReady(value);
    };
    copy.reject = (cause) => {
      refuse(cause);
      reject(cause);
    };
  });
  finished.catch(() => undefined);
  (query as Promise<unknown>).catch(() => undefined);
  copy.execute();
  return finished;
};

/** Rows on their way to the server. */
export class CopyIn {
  readonly #finished: Promise<unknown>;
  readonly #ready: Promise<Writable>;
  #stream: Writable | undefined;
  /** Ends a write that is waiting; a race with `#finished` would leave something behind there for each write. */
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor(query: object) {
    const { promise, resolve } = Promise.withResolvers<Writable>();
    this.#finished = settlements(query, (stream) => {
      this.#stream = stream as Writable;
      // What destroys the stream also rejects `finished`.
      this.#stream.on("error", () => undefined);
      resolve(this.#stream);
    });
    this.#ready = promise;
    const end = () => {
      this.#isOver = true;
      this.#wake?.();
    };
    this.#finished.then(end, end);
  }

  /** Sends bytes; resolves when they have left, so that no more wait here. */
  async write(bytes: Uint8Array): Promise<void> {
    const stream = this.#stream ?? await Promise.race([this.#ready, this.#finished]) as Writable;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    stream.write(bytes, () => resolve());
    if (!this.#isOver) await promise;
    if (this.#isOver) await this.#finished;
  }

  /** Ends the data, at once when some was written; resolves when the server has taken all of it. */
  async end(): Promise<void> {
    const stream = this.#stream ?? await Promise.race([this.#ready, this.#finished]) as Writable;
    stream.end();
    await this.#finished;
  }

  /** Tells the server to forget the rows, and waits until it has. The transaction is then a failed one. */
  async abort(): Promise<void> {
    const refused = this.#finished.then(() => undefined, () => undefined);
    const stream = await Promise.race([this.#ready, refused]);
    stream?.destroy(new Error("given up"));
    await refused;
  }
}

// Otherwise text at the beginning of a piece would lose U+FEFF.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Rows on their way from the server, handed out as text of about `pieceBytes`, always whole lines. */
export class CopyOut {
  readonly #pieceBytes: number;
  readonly #isOpen: () => boolean;
  readonly #finished: Promise<unknown>;
  #stream: (Readable & { _read: (size: number) => void }) | undefined;
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;
  #ended = false;
  #discarding = false;
  #wake: (() => void) | undefined;

  /** `isOpen` tells whether the connection has its socket still. */
  constructor(query: object, pieceBytes: number, isOpen: () => boolean) {
    this.#pieceBytes = pieceBytes;
    this.#isOpen = isOpen;
    this.#buffer = new Uint8Array(pieceBytes * 2);
    this.#finished = settlements(query, (stream) => {
      this.#stream = stream as Readable & { _read: (size: number) => void };
      // Each row comes as a message of its own; a stream's bookkeeping for each would cost more than the row.
      this.#stream.push = (row: Uint8Array | null) => row === null || this.#add(row);
      this.#stream.on("error", () => undefined);
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
      // The last row may have paused the socket.
      this.#resume();
    };
    this.#finished.then(end, end);
  }

  /** The next rows as text; undefined after the last. */
  async next(): Promise<string | undefined> {
    const bytes = await this.#piece();
    return bytes === undefined ? undefined : decoder.decode(bytes);
  }

  /** The next rows as they came; undefined after the last. */
  async nextBytes(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#piece())?.slice();
  }

  /** Good until the next call. */
  async #piece(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (this.#length < this.#pieceBytes && !this.#ended) {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#resume();
      await more;
    }
    if (this.#length > 0) {
      const piece = this.#buffer.subarray(0, this.#length);
      this.#length = 0;
      return piece;
    }
    await this.#finished;
    return undefined;
  }

  /** Lets what is still to come pass by; resolves when nothing is. */
  async discard(): Promise<void> {
    this.#discarding = true;
    this.#resume();
    await this.#finished.catch(() => undefined);
  }

  #resume(): void {
    if (this.#isOpen()) this.#stream?._read(0);
  }

  /** False asks postgres.js to pause the socket. */
  #add(row: Uint8Array): boolean {
    if (this.#discarding) return true;
    if (this.#length + row.length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + row.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(row, this.#length);
    this.#length += row.length;
    if (this.#length < this.#pieceBytes) return true;
    this.#wake?.();
    return false;
  }
}
