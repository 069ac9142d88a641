import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvReader } from "./csv.ts";

interface Outcome {
  readonly records: ReadonlyArray<ReadonlyArray<string>>;
  readonly raws: ReadonlyArray<string>;
  readonly fault: string | undefined;
}

const readPieces = (pieces: Iterable<Uint8Array>): Outcome => {
  const reader = new CsvReader();
  const records: Array<ReadonlyArray<string>> = [];
  const raws: Array<string> = [];
  const receive = (fields: ReadonlyArray<string>, from: CsvReader) => {
    records.push([...fields]);
    raws.push(from.raw);
    return undefined;
  };
  for (const piece of pieces) {
    const fault = reader.push(piece, receive);
    if (fault !== undefined) return { records, raws, fault };
  }
  return { records, raws, fault: reader.end(receive) };
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const read = (text: string): Outcome => readPieces([encode(text)]);

/** Cuts bytes at the given places. */
const cut = (bytes: Uint8Array, places: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));
};

const text = fc.string({
  unit: fc.constantFrom("A", "z", "0", " ", ",", '"', "\n", "\r", "₹", "😀", "&"),
  maxLength: 8,
});

/** A field and one way to write it. */
const field = fc.tuple(text, fc.boolean()).map(([value, quote]) => {
  const mustQuote = /[,"\n\r]/.test(value);
  return { value, written: quote || mustQuote ? `"${value.replaceAll('"', '""')}"` : value };
});

const file = fc.array(
  fc.tuple(fc.array(field, { minLength: 1, maxLength: 5 }), fc.constantFrom("\n", "\r\n")),
  { maxLength: 8 },
).map((rows) => ({
  records: rows.map(([fields]) => fields.map(({ value }) => value)),
  raws: rows.map(([fields]) => fields.map(({ written }) => written).join(",")),
  written: rows.map(([fields, end]) => fields.map(({ written }) => written).join(",") + end).join(""),
}));

describe("csv", () => {
  it("gives back what was written, however it was quoted and wherever it was cut", () => {
    fc.assert(
      fc.property(file, fc.array(fc.nat(), { maxLength: 10 }), ({ records, raws, written }, places) => {
        expect(readPieces(cut(encode(written), places))).toEqual({ records, raws, fault: undefined });
      }),
      { numRuns: 1_000 },
    );
  });

  it("reads the same when every byte comes alone", () => {
    fc.assert(fc.property(file, ({ records, raws, written }) => {
      const bytes = encode(written);
      const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      expect(readPieces(pieces)).toEqual({ records, raws, fault: undefined });
    }));
  });

  it("tells a file that was cut from a whole one, except at a line end", () => {
    fc.assert(
      fc.property(file, fc.nat(), ({ records, written }, place) => {
        const bytes = encode(written);
        const kept = bytes.subarray(0, place % (bytes.length + 1));
        const outcome = readPieces([kept]);
        expect(records.slice(0, outcome.records.length)).toEqual(outcome.records);
        if (kept.length > 0 && kept.at(-1) !== 10) expect(outcome.fault).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes a quote inside an unquoted field as it is", () => {
    expect(read('a,12" pipe,b\n').records).toEqual([["a", '12" pipe', "b"]]);
  });

  it("skips a byte order mark", () => {
    expect(read("\ufeffa,b\n").records).toEqual([["a", "b"]]);
  });

  it.each([
    ["text after a closing quote", 'a,"b"c,d\n', "a quoted field goes on after its closing quote"],
    ["a carriage return alone after a quote", '"a"\rb\n', "a quoted field goes on after its closing quote"],
    ["no final line end", "a,b\nc,d", "it ends in the middle of a row"],
    ["an open quote", 'a,"b\nc,d\n', "it ends in the middle of a row"],
    ["a closing quote at the very end", 'a,"b"', "it ends in the middle of a row"],
  ])("refuses %s", (_, written, fault) => {
    expect(read(written).fault).toBe(fault);
  });

  it("refuses bytes that are not UTF-8, cut characters included", () => {
    expect(readPieces([Uint8Array.of(0x61, 0xff, 0x0a)]).fault).toBe("it is not UTF-8 text");
    expect(readPieces([Uint8Array.of(0x61, 0x0a, 0xe2, 0x82)]).fault).toBe("it is not UTF-8 text");
  });

  it("does not collect a whole file behind a quote left open", () => {
    const outcome = readPieces([
      encode('a,"'),
      ...Array.from({ length: 100 }, () => encode("x".repeat(1_000))),
    ]);
    expect(outcome.fault).toBe("a row is longer than 65536 characters");
  });
});
