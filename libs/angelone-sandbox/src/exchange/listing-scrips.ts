import { type Day, type Instrument, type Listing, Time } from "@candlewick/pretend-exchange";
import { type Scrip } from "./scrip.ts";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** Indices that derivatives are written on go by the name of these. */
const INDEX_NAMES: ReadonlyMap<string, string> = new Map([
  ["LANTERN 50", "LANTERN"],
  ["LANTERN BANK", "LANTERNBANK"],
  ["LANTERN FIN SERVICE", "LANTERNFIN"],
  ["LANTERN MID SELECT", "LANTERNMID"],
  ["TALLOW 30", "TALLOW"],
  ["TALLOW BANK", "TALLOWBANK"],
]);
const INDICES: ReadonlySet<string> = new Set(INDEX_NAMES.values());

/** Where the vendor's tokens of indices begin (measured on a recorded scrip master). */
const INDEX_TOKENS: Readonly<Record<string, number>> = {
  NSE: 99_926_000,
  BSE: 99_919_000,
  MCX: 99_920_000,
};

/** Series that NSE's symbols end in; the vendor adds `-EQ` to those that have none. */
const SERIES = /-(BE|BZ|ST|SM|SG|TB|N\d)$/;

const RUPEE = 100;
const CURRENCY_RUPEE = 10_000_000;

const scaled = (value: number, scale: number): string => (value * scale).toFixed(6);

/** `28OCT2025`. */
const expiryText = (expiry: Day | undefined): string => {
  if (expiry === undefined) return "";
  const { year, month, date } = Time.civil(expiry);
  return `${String(date).padStart(2, "0")}${MONTHS[month - 1]}${year}`;
};

const indexScrip = ({ tradingsymbol, exchange }: Instrument, token: number): Scrip => ({
  token: String(token),
  symbol: tradingsymbol,
  name: INDEX_NAMES.get(tradingsymbol) ?? tradingsymbol,
  expiry: "",
  strike: "0.000000",
  lotsize: "1",
  instrumenttype: "AMXIDX",
  exch_seg: exchange,
  tick_size: "0.000000",
});

const cashScrip = ({ tradingsymbol, exchange, exchangeToken, lotSize, tickSize }: Instrument): Scrip => ({
  token: String(exchangeToken),
  symbol: exchange === "BSE" || SERIES.test(tradingsymbol) ? tradingsymbol : `${tradingsymbol}-EQ`,
  name: exchange === "BSE" ? tradingsymbol : tradingsymbol.replace(SERIES, ""),
  expiry: "",
  strike: "-1.000000",
  lotsize: String(lotSize),
  instrumenttype: "",
  exch_seg: exchange,
  tick_size: scaled(tickSize, RUPEE),
});

const typeOf = ({ exchange, name, instrumentType }: Instrument): string => {
  const isFuture = instrumentType === "FUT";
  if (exchange === "CDS") return isFuture ? "FUTCUR" : "OPTCUR";
  if (exchange === "MCX") return isFuture ? "FUTCOM" : "OPTFUT";
  return (isFuture ? "FUT" : "OPT") + (INDICES.has(name) ? "IDX" : "STK");
};

/** NFO and MCX spell the expiry out, the other exchanges keep their own short form. */
const contractSymbol = (contract: Instrument, expiry: string): string => {
  const { exchange, name, tradingsymbol, instrumentType, strike } = contract;
  if (exchange !== "NFO" && exchange !== "MCX") return tradingsymbol;
  const date = expiry.slice(0, 5) + expiry.slice(7);
  return instrumentType === "FUT" ? `${name}${date}FUT` : `${name}${date}${strike}${instrumentType}`;
};

const NO_STRIKE: Readonly<Record<string, string>> = { NFO: "-1.000000", CDS: "-1.000000" };

const contractScrip = (contract: Instrument): Scrip => {
  const { exchange, name, exchangeToken, instrumentType, strike, lotSize, tickSize } = contract;
  const expiry = expiryText(contract.expiry);
  const scale = exchange === "CDS" ? CURRENCY_RUPEE : RUPEE;
  return {
    token: String(exchangeToken),
    symbol: contractSymbol(contract, expiry),
    name,
    expiry,
    strike: instrumentType === "FUT" ? NO_STRIKE[exchange] ?? "0.000000" : scaled(strike, scale),
    lotsize: String(lotSize),
    instrumenttype: typeOf(contract),
    exch_seg: exchange,
    tick_size: scaled(tickSize, scale),
  };
};

/** An instrument and how the vendor lists it. */
export interface ListedScrip {
  readonly scrip: Scrip;
  readonly instrument: Instrument;
}

/** A day's listing in the vendor's words. It leaves out BCD, and of listings that share a token all but the first. */
export const scripsOf = ({ instruments, byToken }: Listing): ReadonlyArray<ListedScrip> => {
  const indexTokens = { ...INDEX_TOKENS };
  return instruments.flatMap((instrument) => {
    const { segment, exchange, instrumentType, instrumentToken } = instrument;
    if (segment === "INDICES") {
      const token = indexTokens[exchange] ?? 0;
      indexTokens[exchange] = token + 1;
      return [{ instrument, scrip: indexScrip(instrument, token) }];
    }
    if (exchange === "BCD" || byToken.get(instrumentToken) !== instrument) return [];
    return [{
      instrument,
      scrip: instrumentType === "EQ" ? cashScrip(instrument) : contractScrip(instrument),
    }];
  });
};
