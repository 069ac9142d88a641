import { Buffer } from "node:buffer";
import type { Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import type { Saved } from "./backups.ts";
import { copySql } from "./backup.ts";
import { readRows } from "./files.ts";

const LINE_FEED = 0x0a;

/** Lines of bytes that come in pieces of any size. */
async function* lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = Buffer.concat([rest, piece]);
    let begin = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, begin)) {
      yield rest.toString("utf8", begin, end);
      begin = end + 1;
    }
    rest = rest.subarray(begin);
  }
}

/** `series=NSE:INFY, n=3`: the key of a row by its line, as COPY writes values. */
const keyOf = ({ table: { columns, definition } }: Saved, line: string): string => {
  const values = line.split("\t");
  return definition.key.map((name) =>
    `${name}=${values[columns.findIndex((column) => column.name === name)]}`
  )
    .join(", ");
};

const differing = async (saved: Saved, row: number): Promise<DatabaseError> => {
  const name = saved.table.definition.name;
  let at = 0;
  for await (const line of lines(readRows(saved.path))) {
    at++;
    if (at < row) continue;
    return failure(
      "schema",
      `row ${row} of ${name} (${
        keyOf(saved, line)
      }) came out of the database unlike it stands in the backup; ` +
        "perhaps a trigger changed it",
    );
  }
  return failure(
    "schema",
    `${name} has more rows than the ${at} in the backup; perhaps a trigger added some`,
  );
};

/** Compares all rows of a table with those saved, byte for byte; fails naming the first that differs. */
export const compare = async (connection: Connection, saved: Saved): Promise<void> => {
  const copy = connection.copyOut(copySql(saved.table.definition, saved.table.columns));
  const wanted = readRows(saved.path);
  let left: Uint8Array = new Uint8Array();
  let right: Uint8Array = new Uint8Array();
  let row = 1;
  for (;;) {
    if (left.length === 0) left = (await wanted.next()).value ?? left;
    if (right.length === 0) right = (await copy.nextBytes()) ?? right;
    const length = Math.min(left.length, right.length);
    if (length === 0) break;
    const [a, b] = [left.subarray(0, length), right.subarray(0, length)];
    const same = Buffer.compare(a, b) === 0 ? length : a.findIndex((byte, i) => byte !== b[i]);
    for (let at = a.indexOf(LINE_FEED); at >= 0 && at < same; at = a.indexOf(LINE_FEED, at + 1)) row++;
    if (same < length) {
      await wanted.return(undefined);
      await copy.discard();
      throw await differing(saved, row);
    }
    left = left.subarray(length);
    right = right.subarray(length);
  }
  if (left.length === 0 && right.length === 0) return;
  await wanted.return(undefined);
  await copy.discard();
  throw await differing(saved, row);
};
