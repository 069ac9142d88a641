import { Effect } from "effect";

/** Size of each of the three headers that a file of DuckDB begins with. */
const HEADER = 4_096;
/** Place of the word `DUCK` in the first. */
const MAGIC = 8;
/** Places, in the other two, of the size of blocks and of the size of vectors: 64 bits, the low half first. */
const BLOCK = 40;
const VECTOR = 48;

const isHeader = (bytes: DataView, at: number): boolean =>
  bytes.byteLength >= at + HEADER && [16_384, 262_144].includes(bytes.getUint32(at + BLOCK, true)) &&
  bytes.getUint32(at + VECTOR, true) === 2_048;

/**
 * Whether the beginning of a file shows that it is, or was, a database of DuckDB: one of its three headers is left,
 * or there is nothing in it at all. Their form: https://duckdb.org/docs/stable/internals/storage
 */
export const isDatabase = (beginning: Uint8Array): boolean => {
  if (beginning.byteLength === 0) return true;
  const bytes = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const magic = new TextDecoder().decode(beginning.subarray(MAGIC, MAGIC + 4));
  return magic === "DUCK" || isHeader(bytes, HEADER) || isHeader(bytes, 2 * HEADER);
};

/**
 * The first bytes of a file. Only of one that this process does not have open: closing a file gives back the lock
 * that DuckDB has on it.
 */
export const beginningOf = (path: string): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => {
    using file = await Deno.open(path, { read: true });
    const bytes = new Uint8Array(3 * HEADER);
    let length = 0;
    for (let got: number | null = 0; got !== null && length < bytes.length; length += got ?? 0) {
      got = await file.read(bytes.subarray(length));
    }
    return bytes.subarray(0, length);
  });
