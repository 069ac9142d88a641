import type { Fault } from "@candlewick/sql-store";
import { Effect } from "effect";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { DatabaseError, failure } from "../DatabaseError.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Codes of full disks and used-up quotas; streams of Deno give the system's words alone. */
const FULL = /\b(ENOSPC|EDQUOT|EFBIG)\b|no space left|quota exceeded|file too large/i;

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && "code" in cause ? cause.code : undefined;

/** What went wrong with a file, as an error of the store. */
export const fileFailure = (doing: string, path: string, cause: unknown, fault: Fault): DatabaseError => {
  if (cause instanceof DatabaseError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const isFull = FULL.test(`${codeOf(cause)} ${message}`);
  return failure(
    isFull ? "capacity" : fault,
    `cannot ${doing} ${path}: ${isFull ? "the disk is full" : message}`,
  );
};

const attempting = (fault: Fault) => <A>(doing: string, path: string, operation: () => Promise<A>) =>
  Effect.tryPromise({ try: operation, catch: (cause) => fileFailure(doing, path, cause, fault) });

/** Making a backup: a place where it cannot be written does not hold it. */
export const writing = attempting("capacity");
/** Reading one: what cannot be read is damaged. */
export const reading = attempting("schema");

/** Puts on disk what was written to a file or a folder. Not every system can for folders. */
export const sync = async (path: string, isFolder = false): Promise<void> => {
  try {
    using file = await Deno.open(path, isFolder ? { read: true } : { read: true, write: true });
    await file.sync();
  } catch (cause) {
    if (!isFolder) throw cause;
  }
};

/** Bytes of rows at a time. */
const PIECE = 65_536;

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes rows as they come into a new file, compressed, on disk when this resolves. */
export const writeRows = async (path: string, next: () => Promise<Bytes | undefined>): Promise<Written> => {
  const hash = createHash("sha256");
  let bytes = 0;
  const compress = createZstdCompress();
  const measure = new Transform({
    transform(chunk: Bytes, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  const written = pipeline(compress, measure, file).then(() => sync(path)).catch((cause) => {
    throw fileFailure("write", path, cause, "capacity");
  });
  let failed = false;
  // A stream that was given up need not call back.
  let resume: () => void = () => undefined;
  written.catch(() => {
    failed = true;
    resume();
  });
  try {
    for (let rows = await next(); rows !== undefined && !failed; rows = await next()) {
      const piece = rows;
      await new Promise<void>((resolve) => {
        resume = resolve;
        compress.write(piece, () => resolve());
      });
    }
    compress.end();
    await written;
  } catch (cause) {
    compress.destroy();
    await written.catch(() => undefined);
    throw cause;
  }
  return { bytes, sha256: hash.digest("hex") };
};

/** The size and the sum of a file. */
export const measure = async (path: string): Promise<Written> => {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
};

/** The rows of a file in pieces, as they were given to `writeRows`. */
export async function* readRows(path: string): AsyncGenerator<Bytes> {
  const source = createReadStream(path);
  const decompress = createZstdDecompress({ chunkSize: PIECE });
  source.on("error", (cause) => decompress.destroy(cause));
  try {
    yield* source.pipe(decompress);
  } catch (cause) {
    throw fileFailure("read", path, cause, "schema");
  } finally {
    source.destroy();
    decompress.destroy();
  }
}
