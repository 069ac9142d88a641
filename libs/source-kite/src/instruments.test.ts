import { type Collected, collected } from "@candlewick/vendor-http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, InstrumentDecoder } from "./instruments.ts";
import { INFY, required, validRow, writeDump } from "./testing/dumps.ts";
import { referenceDecode } from "./testing/referenceDecoder.ts";

const decodePieces = (pieces: Iterable<Uint8Array>): Collected & { readonly fault: string | undefined } => {
  const decoder = new InstrumentDecoder();
  const into = collected();
  for (const piece of pieces) {
    const fault = decoder.push(piece, into);
    if (fault !== undefined) return { ...into, fault };
  }
  return { ...into, fault: decoder.end(into) };
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (text: string) => decodePieces([encode(text)]);

const rows = fc.array(validRow, { maxLength: 12 });
const lineEnd = fc.constantFrom("\n", "\r\n");

/** A number or a day as a vendor might get it wrong. */
const bad = fc.constantFrom(
  "x",
  "1,5",
  "1.2.3",
  "NaN",
  "0x10",
  "--1",
  "12/01/2024",
  "2024-02-30",
  "Infinity",
);

describe("instrument dump", () => {
  it("002-P2: All required fields are parsed", () => {
    fc.assert(fc.property(rows, lineEnd, (dump, end) => {
      const { instruments, rejected, fault } = decode(writeDump(dump, end));
      expect(fault).toBeUndefined();
      expect(rejected).toEqual([]);
      expect(instruments).toHaveLength(dump.length);
      for (const instrument of instruments) {
        expect(Object.keys(instrument).sort()).toEqual([
          "exchange",
          "exchangeToken",
          "expiry",
          "instrumentType",
          "lotSize",
          "name",
          "segment",
          "strike",
          "tickSize",
          "token",
          "tradingsymbol",
        ]);
        expect(Object.values(instrument)).not.toContain(undefined);
      }
    }));
  });

  it("002-P3: Required field validation", () => {
    fc.assert(fc.property(
      rows,
      validRow,
      fc.constantFrom(...required),
      fc.constantFrom("", " ", "   "),
      fc.nat(),
      (dump, row, missing, blank, at) => {
        const place = at % (dump.length + 1);
        const spoilt = { ...row, [missing]: blank };
        const { instruments, rejected, fault } = decode(
          writeDump([...dump.slice(0, place), spoilt, ...dump.slice(place)]),
        );
        expect(fault).toBeUndefined();
        expect(instruments.map(({ token }) => token)).toEqual(dump.map((good) => good.instrument_token));
        expect(rejected.map(({ reason }) => reason)).toEqual([`missing ${missing}`]);
        expect(rejected[0]!.raw).toBe(writeDump([spoilt]).split("\n").slice(1, -1).join("\n"));
      },
    ));
  });

  it("002-P6: Field mapping completeness", () => {
    fc.assert(fc.property(rows, (dump) => {
      const { instruments } = decode(writeDump(dump));
      const text = (value: string | number | null) => value === null ? "" : String(value);
      for (const [at, row] of dump.entries()) {
        const instrument = instruments[at]!;
        const pairs: ReadonlyArray<readonly [string, string | number | null]> = [
          [row.instrument_token, instrument.token],
          [row.exchange_token, instrument.exchangeToken],
          [row.tradingsymbol, instrument.tradingsymbol],
          [row.name.trim() === "" ? "" : row.name, instrument.name],
          [row.expiry, instrument.expiry],
          [row.strike, instrument.strike],
          [row.tick_size, instrument.tickSize],
          [row.lot_size, instrument.lotSize],
          [row.instrument_type, instrument.instrumentType],
          [row.segment, instrument.segment],
          [row.exchange, instrument.exchange],
        ];
        for (const [sent, kept] of pairs) expect(text(kept)).toBe(sent);
      }
    }));
  });

  it("002-P17: Metadata preservation", () => {
    fc.assert(fc.property(validRow, (row) => {
      const instrument = decode(writeDump([row])).instruments[0]!;
      expect(instrument.exchange).toBe(row.exchange);
      expect(instrument.segment).toBe(row.segment);
      expect(instrument.instrumentType).toBe(row.instrument_type);
      expect(instrument.expiry ?? "").toBe(row.expiry);
      expect(instrument.strike ?? "").toBe(row.strike);
      expect(String(instrument.lotSize ?? "")).toBe(row.lot_size);
    }));
  });

  it("decodes as the obvious decoder does, faulty fields included, wherever the bytes are cut", () => {
    const anyRow = fc.tuple(
      validRow,
      fc.option(fc.tuple(fc.constantFrom(...columns), fc.oneof(bad, fc.constant(" ")))),
    )
      .map(([row, change]) => change === null ? row : { ...row, [change[0]]: change[1] });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 6 }), lineEnd, (dump, end) => {
        const text = writeDump(dump, end);
        const bytes = encode(text);
        const expected = referenceDecode(text);
        const whole = decodePieces([bytes]);
        expect(whole.fault).toBeUndefined();
        expect(whole.instruments).toEqual(expected.instruments);
        expect(whole.rejected).toHaveLength(expected.rejected);
        const single = decodePieces(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)));
        expect(single).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps ticks and strikes digit for digit", () => {
    const { instruments } = decode(writeDump([{ ...INFY, tick_size: "0.0025", strike: "360.750" }]));
    expect(instruments[0]).toMatchObject({ tickSize: "0.0025", strike: "360.750" });
  });

  it("keeps stray blanks of a name, and has no name where there are only blanks", () => {
    const { instruments } = decode(writeDump([{ ...INFY, name: " INFOSYS  LTD " }, { ...INFY, name: "  " }]));
    expect(instruments.map(({ name }) => name)).toEqual([" INFOSYS  LTD ", null]);
  });

  it.each([
    ["instrument_token", "12x", "instrument_token is not a whole number"],
    ["instrument_token", "0", "instrument_token is not a whole number"],
    ["instrument_token", "9007199254740993", "instrument_token is not a whole number"],
    ["expiry", "2024-02-30", "expiry is not a day"],
    ["strike", "abc", "strike is not a number"],
    ["tick_size", "0,05", "tick_size is not a number"],
    ["lot_size", "-1", "lot_size is not a whole number"],
    ["lot_size", "1.5", "lot_size is not a whole number"],
  ])("rejects a row whose %s is %s and keeps the others", (column, value, reason) => {
    const { instruments, rejected, fault } = decode(writeDump([{ ...INFY, [column]: value }, INFY]));
    expect(fault).toBeUndefined();
    expect(instruments).toHaveLength(1);
    expect(rejected.map((rejection) => rejection.reason)).toEqual([reason]);
  });

  it("does not reject a listing for its last price, which is not kept", () => {
    expect(decode(writeDump([{ ...INFY, last_price: "n/a" }])).instruments).toHaveLength(1);
  });

  const header = columns.join(",");
  const row = writeDump([INFY]).split("\n")[1]!;

  it.each([
    ["an empty answer", "", "it is empty"],
    ["an HTML page", "<!DOCTYPE html>\n<html>\n</html>\n", "it is an HTML page"],
    [
      "an HTML page of one line",
      "<html><title>Bad gateway</title></html>",
      'it is an HTML page, "Bad gateway"',
    ],
    [
      "a JSON error",
      '{"status":"error","message":"no"}\n',
      'it is a body that begins "{\\"status\\":\\"error\\",\\"message\\":\\"no\\"}\\n"',
    ],
    ["an unknown column", `${header},isin\n`, 'column "isin" is not known'],
    [
      "a renamed column",
      `${header.replace("strike", "strike_price")}\n`,
      'column 7 is "strike_price" instead of "strike"',
    ],
    [
      "swapped columns",
      `${header.replace("segment,exchange", "exchange,segment")}\n`,
      'column 11 is "exchange" instead of "segment"',
    ],
    [
      "a missing column",
      `${header.replace(",exchange_token", "")}\n`,
      'column 2 is "tradingsymbol" instead of "exchange_token"',
    ],
    ["the last column missing", `${header.replace(/,exchange$/, "")}\n`, 'column "exchange" is missing'],
    ["a short row", `${header}\n${row}\n408065,1594\n${row}\n`, "row 2 has 2 columns instead of 12"],
    ["a long row", `${header}\n${row},x\n`, "row 1 has 13 columns instead of 12"],
    ["an empty line", `${header}\n${row}\n\n${row}\n`, "row 2 has 1 columns instead of 12"],
    ["no final line end", `${header}\n${row}`, "it ends in the middle of a row"],
    ["a row cut short at the end", `${header}\n${row}\n4080`, "it ends in the middle of a row"],
  ])("refuses %s as a whole", (_, text, fault) => {
    expect(decode(text).fault).toBe(fault);
  });
});
