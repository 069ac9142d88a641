import { describe, expect, it } from "vitest";
import { isTradingDay, tradingDayFrom } from "../calendar/sessions.ts";
import { type Day, dayOf } from "../time.ts";
import { sharesSince } from "./corporate-actions.ts";
import type { Instrument } from "./instrument.ts";
import { makeMarket } from "./market.ts";

const market = makeMarket(1);
const today = dayOf(2026, 11, 20);
const listing = market.listingOn(today);

const ofSegment = (segment: string, day: Day = today) =>
  market.listingOn(day).instruments.filter((instrument) => instrument.segment === segment);

const identity = ({ tradingsymbol, segment }: Instrument) => `${segment}:${tradingsymbol}`;

describe("a listing", () => {
  it("has a few thousand instruments of every segment", () => {
    expect(listing.instruments.length).toBeGreaterThan(3000);
    expect(listing.instruments.length).toBeLessThan(7000);
    expect(new Set(listing.instruments.map(({ segment }) => segment))).toEqual(
      new Set([
        "INDICES",
        "NSE",
        "BSE",
        "NFO-FUT",
        "NFO-OPT",
        "BFO-FUT",
        "BFO-OPT",
        "CDS-FUT",
        "CDS-OPT",
        "BCD-FUT",
        "BCD-OPT",
        "MCX-FUT",
        "MCX-OPT",
      ]),
    );
  });

  it("names each symbol of a segment once", () => {
    for (const day of [dayOf(1999, 5, 3), dayOf(2008, 1, 21), dayOf(2017, 9, 4), today, dayOf(2031, 7, 1)]) {
      const { instruments } = market.listingOn(day);
      expect(new Set(instruments.map(identity)).size).toBe(instruments.length);
    }
  });

  it("names each token once but for a few BSE debentures that share one", () => {
    const seen = new Map<number, Instrument>();
    const shared = listing.instruments.filter((instrument) => {
      const taken = seen.has(instrument.instrumentToken);
      seen.set(instrument.instrumentToken, instrument);
      return taken;
    });
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.length).toBeLessThan(10);
    expect(new Set(shared.map(({ segment }) => segment))).toEqual(new Set(["BSE"]));
  });

  it("builds instrument tokens from the exchange's token and a byte for the segment", () => {
    for (const { instrumentToken, exchangeToken } of listing.instruments) {
      expect(instrumentToken >> 8).toBe(exchangeToken);
    }
  });

  it("has no expiry and no strike where there is none", () => {
    for (const { segment, expiry, strike, instrumentType, tickSize, lotSize } of listing.instruments) {
      expect(expiry === undefined).toBe(instrumentType === "EQ");
      expect(strike > 0).toBe(instrumentType === "CE" || instrumentType === "PE");
      expect([tickSize === 0, lotSize === 0]).toEqual([segment === "INDICES", segment === "INDICES"]);
    }
  });

  it("has the odd symbols, names and sizes of real dumps", () => {
    const symbols = listing.instruments.map(({ tradingsymbol }) => tradingsymbol);
    for (const odd of ["-", "&", ".", "*", "`", " "]) {
      expect(symbols.some((symbol) => symbol.includes(odd))).toBe(true);
    }
    for (const end of ["-BE", "-ST", "-SG", "-TB", "-N1"]) {
      expect(symbols.some((symbol) => symbol.endsWith(end))).toBe(true);
    }
    expect(listing.instruments.some(({ name }) => name === "")).toBe(true);
    expect(listing.instruments.some(({ name }) => name.endsWith(" "))).toBe(true);
    expect(listing.instruments.some(({ lotSize }) => lotSize === 1_000_000)).toBe(true);
    expect(ofSegment("CDS-FUT").every(({ tickSize }) => tickSize === 0.0025)).toBe(true);
  });

  it("offers 24 listed equities as a first selection", () => {
    const equities = new Set(ofSegment("NSE").map(({ tradingsymbol }) => `NSE:${tradingsymbol}`));
    const symbols = market.defaultSymbols(today);
    expect(symbols).toHaveLength(24);
    expect(symbols.filter((symbol) => !equities.has(symbol))).toEqual([]);
  });

  it("is the same on every machine", () => {
    expect(makeMarket(1).listingOn(today).instruments.map(identity)).toEqual(
      listing.instruments.map(identity),
    );
    expect(makeMarket(2).listingOn(today).instruments.map(identity)).not.toEqual(
      listing.instruments.map(identity),
    );
  });
});

describe("as days go by", () => {
  it("contracts are listed, live to their expiry and leave", () => {
    for (let day = today; day < today + 400; day += 13) {
      for (const { expiry, series } of market.listingOn(day).instruments) {
        if (expiry === undefined) continue;
        expect(expiry).toBeGreaterThanOrEqual(day);
        expect(series.listed).toBeLessThanOrEqual(day);
        expect(isTradingDay(expiry)).toBe(true);
      }
    }
  });

  it("tokens of expired contracts come back for contracts on other underlyings", () => {
    const later = market.listingOn(today + 140);
    const derivatives = listing.instruments.filter(({ segment }) => segment.startsWith("NFO"));
    const common = derivatives.filter(({ instrumentToken }) => later.byToken.has(instrumentToken));
    const elsewhere = common.filter((instrument) =>
      later.byToken.get(instrument.instrumentToken)?.name !== instrument.name
    );
    expect(common.length).toBeGreaterThan(100);
    expect(elsewhere.length / common.length).toBeGreaterThan(0.8);
  });

  it("never give two living contracts one token", () => {
    for (let day = dayOf(2012, 1, 1); day < dayOf(2013, 2, 1); day += 9) {
      const { instruments } = market.listingOn(day);
      const tokens = instruments.filter(({ expiry }) => expiry !== undefined).map(({ instrumentToken }) =>
        instrumentToken
      );
      expect(new Set(tokens).size).toBe(tokens.length);
    }
  });

  it("equities are listed and delisted", () => {
    const then = new Set(ofSegment("NSE", dayOf(2016, 1, 4)).map(({ instrumentToken }) => instrumentToken));
    const now = new Set(ofSegment("NSE").map(({ instrumentToken }) => instrumentToken));
    expect([...then].some((token) => !now.has(token))).toBe(true);
    expect([...now].some((token) => !then.has(token))).toBe(true);
  });

  it("a renamed equity keeps its token", () => {
    const company = market.companies.find(({ onNse, namings, last, newTokenFrom }) =>
      onNse && namings.length > 1 && last > dayOf(2036, 1, 1) && newTokenFrom > dayOf(2036, 1, 1)
    );
    const renaming = company?.namings[1];
    if (company === undefined || renaming === undefined) return expect.unreachable();
    const nameOn = (day: Day) => ofSegment("NSE", day).find(({ series }) => series.path === company.path);
    const before = nameOn(renaming.from - 1);
    const after = nameOn(renaming.from);
    expect(before?.tradingsymbol).toBe(company.namings[0].symbol + company.series);
    expect(after?.tradingsymbol).toBe(renaming.symbol + company.series);
    expect(after?.instrumentToken).toBe(before?.instrumentToken);
  });

  it("now and then a symbol comes back under a new token", () => {
    const company = market.companies.find(({ onNse, listed, last, newTokenFrom }) =>
      onNse && newTokenFrom > listed && newTokenFrom < last && newTokenFrom < dayOf(2030, 1, 1)
    );
    if (company === undefined) return expect.unreachable();
    const on = (day: Day) => ofSegment("NSE", day).find(({ series }) => series.path === company.path);
    const before = on(company.newTokenFrom - 1);
    const after = on(company.newTokenFrom);
    expect(after?.tradingsymbol).toBe(before?.tradingsymbol);
    expect(after?.instrumentToken).not.toBe(before?.instrumentToken);
  });

  it("a split renames the options on a share, grows their lots and keeps their tokens", () => {
    const split = market.companies.filter(({ hasDerivatives, listed }) =>
      hasDerivatives && listed < dayOf(2005, 1, 1)
    )
      .flatMap((company) => company.actions.map((action) => ({ company, ...action })))
      .find(({ exDay }) => exDay > dayOf(2012, 1, 1));
    if (split === undefined) return expect.unreachable();
    const { company, exDay, ratio } = split;
    const optionsOn = (day: Day) =>
      ofSegment("NFO-OPT", day).filter(({ name, series }) =>
        series.actions === company.actions && name !== "" && series.last > exDay + 7
      );
    const after = new Map(optionsOn(exDay).map((option) => [option.instrumentToken, option]));
    const before = optionsOn(exDay - 1);
    expect(before.length).toBeGreaterThan(10);
    for (const option of before) {
      const now = after.get(option.instrumentToken);
      expect(now?.strike).toBeCloseTo(option.strike / ratio, 1);
      expect(now?.lotSize).toBe(Math.round(option.lotSize * ratio));
      expect(now?.tradingsymbol).not.toBe(option.tradingsymbol);
    }
  });

  it("lots are revised", () => {
    const lots = new Set(
      [2018, 2020, 2022, 2024, 2026].map((year) =>
        ofSegment("NFO-FUT", tradingDayFrom(dayOf(year, 3, 2))).find(({ tradingsymbol }) =>
          tradingsymbol.startsWith("LANTERNBANK")
        )?.lotSize
      ),
    );
    expect(lots.size).toBeGreaterThan(1);
  });
});

describe("corporate actions", () => {
  it("fall on trading days and multiply", () => {
    const actions = market.companies.flatMap((company) => company.actions);
    expect(actions.length).toBeGreaterThan(100);
    expect(actions.every(({ exDay }) => isTradingDay(exDay))).toBe(true);
    const two = [{ exDay: 100, ratio: 2 }, { exDay: 200, ratio: 1.5 }];
    expect([sharesSince(two, 99, 300), sharesSince(two, 100, 300), sharesSince(two, 99, 199)]).toEqual([
      3,
      1.5,
      2,
    ]);
  });
});
