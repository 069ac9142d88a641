import type { InstrumentRow, MarketTime } from "@candlewick/core";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = join(process.env["CANDLEWICK_SHARED"] ?? join(repository, "..", "shared"), "recordings");

/** Recorded dumps lie beside the repository, never in it. */
export const present = existsSync(folder);

/** Said in the title of what is skipped without them. */
export const NEEDS_RECORDINGS = "(needs ../shared/recordings)";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** `28OCT2025` as `2025-10-28`. */
const dayOf = (text: string): MarketTime.Day | null => {
  const [, day, month = "", year] = /^(\d{2})([A-Z]{3})(\d{4})$/.exec(text) ?? [];
  return day === undefined ? null : `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, "0")}-${day}`;
};

/** `86000.000000` paise as `860`, the plain way. */
const rupees = (text: string): string => String(Math.round(Number(text)) / 100);

/**
 * Angel One's scrip master as rows of an instrument master, for exchanges that write prices in paise. The source's own
 * decoder is another plugin; this one reads only what the pipeline needs.
 */
export const angelOne = (exchanges: ReadonlyArray<string>): ReadonlyArray<InstrumentRow> => {
  const text = gunzipSync(readFileSync(join(folder, "angelone/OpenAPIScripMaster.json.gz"))).toString("utf8");
  return (JSON.parse(text) as ReadonlyArray<Record<string, string>>)
    .filter((row) => exchanges.includes(row["exch_seg"]!))
    .map((row, at): InstrumentRow => {
      const { exch_seg: exchange = "", instrumenttype: kind = "", name = "", symbol = "" } = row;
      const strike = Number(row["strike"]);
      return {
        instrument_id: at + 1,
        instrument_token: row["token"]!,
        exchange,
        tradingsymbol: symbol,
        exchange_token: row["token"]!,
        instrument_type: kind.startsWith("FUT") ? "FUT" : kind.startsWith("OPT") ? symbol.slice(-2) : "EQ",
        name: name === "" ? null : name,
        segment: kind === "" ? exchange : `${exchange}-${kind}`,
        expiry: dayOf(row["expiry"] ?? ""),
        strike: kind.startsWith("OPT") && strike > 0 ? rupees(row["strike"]!) : null,
        tick_size: rupees(row["tick_size"]!),
        lot_size: Number(row["lotsize"]),
        last_updated: 0,
        created_at: 0,
        delisted_at: null,
      };
    });
};

/** A dump of Kite as rows of an instrument master. */
export const kite = (file: string): ReadonlyArray<InstrumentRow> => {
  const [, ...lines] = readFileSync(join(folder, "kite/instruments", file), "utf8").trimEnd().split("\n");
  return lines.map((line, at): InstrumentRow => {
    // Only names are quoted, and no name of these dumps holds a quotation mark.
    const fields = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted ?? plain ?? ""
    );
    const [token, exchangeToken, symbol, name, , expiry, strike, tick, lot, type, segment, exchange] = fields;
    return {
      instrument_id: at + 1,
      instrument_token: Number(token),
      exchange: exchange!,
      tradingsymbol: symbol!,
      exchange_token: exchangeToken!,
      instrument_type: type!,
      name: name === "" ? null : name!,
      segment: segment!,
      expiry: expiry === "" ? null : expiry!,
      strike: strike!,
      tick_size: tick!,
      lot_size: Number(lot),
      last_updated: 0,
      created_at: 0,
      delisted_at: null,
    };
  });
};
