import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonArrayReader } from "./jsonArray.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The bytes in pieces that end at the given places. */
const split = (bytes: Uint8Array, ends: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const cuts = [0, ...ends.map((end) => end % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at]!, end));
};

const read = (
  pieces: ReadonlyArray<Uint8Array>,
): { readonly values: ReadonlyArray<unknown>; readonly raws: ReadonlyArray<string> } | string => {
  const reader = new JsonArrayReader();
  const values: Array<unknown> = [];
  const raws: Array<string> = [];
  const onElement = (value: unknown, raw: string) => {
    values.push(value);
    raws.push(raw);
    return undefined;
  };
  for (const piece of pieces) {
    const fault = reader.push(piece, onElement);
    if (fault !== undefined) return fault;
  }
  return reader.end(onElement) ?? { values, raws };
};

/** What JSON.parse makes of it; `undefined` for what is no array. */
const parsed = (text: string): ReadonlyArray<unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Text full of what strings must escape. */
const tricky = fc.string({ unit: fc.constantFrom(...'\\"{}[],:/\n\t\u0000\u007fé₹😀 a'), maxLength: 8 });

const array = fc.array(
  fc.oneof(fc.jsonValue({ stringUnit: "binary" }), tricky, fc.dictionary(tricky, tricky, { maxKeys: 4 })),
  { maxLength: 6 },
);

/** The array as some serializer might write it. */
const written = fc.tuple(array, fc.constantFrom(undefined, 1, "\t"), fc.boolean()).map(
  ([value, indent, ascii]) => {
    const text = JSON.stringify(value, null, indent);
    return ascii
      ? text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
      : text;
  },
);

const ends = fc.array(fc.nat(10_000), { maxLength: 12 });

describe("a JSON array as bytes", () => {
  it("is what JSON.parse makes of it, wherever the bytes are split", () => {
    fc.assert(
      fc.property(written, ends, (text, ends) => {
        const result = read(split(encode(text), ends));
        expect(result).toMatchObject({ values: parsed(text) });
        if (typeof result === "object") {
          expect(result.raws.map((raw) => JSON.parse(raw))).toEqual(parsed(text));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("byte by byte, too", () => {
    const text = '[ {"a":"\\\\\\"]₹😀\\u20b9"} , ["\\\\",[{}]] , "]" ,1e3\t]\n ';
    const bytes = encode(text);
    expect(read(split(bytes, Array.from(bytes, (_, at) => at)))).toMatchObject({ values: parsed(text) });
  });

  it("is a fault whenever JSON.parse sees no array in it: text damaged anywhere", () => {
    const damage = fc.tuple(
      fc.nat(10_000),
      fc.nat(3),
      fc.constantFrom("", ",", "]", "}", '"', "\\", "[", "{", "x", "\u00a0"),
    );
    fc.assert(
      fc.property(written, damage, ends, (text, [at, cut, put], ends) => {
        const from = at % (text.length + 1);
        // Half of a pair of surrogates is no UTF-8, and would be put right on its way to bytes.
        const damaged = (text.slice(0, from) + put + text.slice(from + cut)).replace(
          /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
          "\ufffd",
        );
        const result = read(split(encode(damaged), ends));
        const expected = parsed(damaged);
        if (expected === undefined) expect(typeof result).toBe("string");
        else expect(result).toMatchObject({ values: expected });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["", "it is empty"],
    [" \n", "it is empty"],
    ["[", "it ends before its array does"],
    ["[1", "it ends before its array does"],
    ["[1,", "it ends before its array does"],
    ["[1,]", "it is not JSON"],
    ["[,1]", "it is not JSON"],
    ["[,]", "it is not JSON"],
    ["[1}]", "it is not JSON"],
    ["[[1}]", "it is not JSON"],
    ["[1] x", "it goes on after its array"],
    ["[1]]", "it goes on after its array"],
    ["[1]\u00a0", "it goes on after its array"],
    ['{"a":[1]}', "it is no array"],
    ["<html>", "it is no array"],
  ])("%j: %s", (text, fault) => {
    expect(read([encode(text)])).toBe(fault);
  });

  it("is a fault when it is no UTF-8, or when an element does not end", () => {
    expect(read([encode('["'), Uint8Array.of(0xff), encode('"]')])).toBe("it is not UTF-8 text");
    expect(read([encode('["')])).toBe("it ends before its array does");
    expect(read([encode('["'), ...Array.from({ length: 9 }, () => encode("a".repeat(8_192)))])).toBe(
      "an element is longer than 65536 characters",
    );
  });
});
