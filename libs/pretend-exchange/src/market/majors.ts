import { type Day, parseDay } from "../time.ts";

/** A large company of the invented market, all of them with futures and options. */
export interface Major {
  readonly symbol: string;
  readonly name: string;
  /** Rupees, roughly, at the beginning of 2026. */
  readonly level: number;
  readonly listed: Day;
}

const OPENING_DAY = "1994-11-03";

const major = (symbol: string, name: string, level: number, listed = OPENING_DAY): Major => ({
  symbol,
  name,
  level,
  listed: parseDay(listed) ?? 0,
});

/** The invented blue chips. The first 24 are the default selection of a first run. */
export const MAJORS: readonly [Major, ...ReadonlyArray<Major>] = [
  major("EMBERBANK", "EMBER BANK", 980),
  major("GLIM-AUTO", "GLIMMER AUTO", 8800),
  major("TAR&TALLOW", "TAR AND TALLOW", 1650),
  major("WICKFIN", "WICK FINANCE CORPORATION", 690),
  major("BEESWAX", "BEESWAX CONSUMER CARE", 2480),
  major("PARAFFIN", "PARAFFIN PETROLEUM", 1420),
  major("QUILLSOFT", "QUILL SOFTWARE SERVICES", 3350),
  major("FLAMECEM", "FLAME CEMENTS", 540),
  major("TAPERPHAR", "TAPER PHARMACEUTICALS", 1180, "1995-02-08"),
  major("CHANDLER", "CHANDLER MOTORS", 415),
  major("GLIMSTEEL", "GLIMMER STEEL", 168),
  major("HEARTHPOW", "HEARTH POWER COMPANY", 352),
  major("DUSKPAINT", "DUSK PAINTS INDIA", 2790, "1995-05-31"),
  major("SCONCE", "SCONCE HOTELS", 745),
  major("LAMPBLACK", "LAMPBLACK INKS", 1310, "1996-01-17"),
  major("RUSHLIGHT", "RUSHLIGHT TELECOM", 1890, "2002-02-18"),
  major("CINDERTEX", "CINDER TEXTILES", 96),
  major("BRAZIERFD", "BRAZIER FOODS", 5120),
  major("KEROGAS", "KEROSENE AND GAS TRANSMISSION", 182, "1997-03-05"),
  major("VIGILBANK", "VIGIL BANK", 1275, "1998-09-22"),
  major("EVENTPORT", "EVENTIDE PORTS", 1460, "2007-11-27"),
  major("MOTHWING", "MOTHWING AVIATION", 4310, "2004-07-12"),
  major("SPILL-TECH", "SPILL TECHNOLOGIES", 1545, "1999-06-14"),
  major("OILCLOTH", "OILCLOTH INDUSTRIES", 405),
  major("BOBECHE", "BOBECHE GLASS", 612, "2003-08-19"),
  major("INGLENOOK", "INGLENOOK REALTY", 835, "2006-12-05"),
  major("FLINTCHEM", "FLINT CHEMICALS", 1020, "2009-04-21"),
  major("AFTERGLOW", "AFTERGLOW HOSPITALS", 7150, "2000-03-09"),
  major("GLOAMRETL", "GLOAMING RETAIL", 3980, "2017-03-21"),
  major("STEARIN", "STEARIN SPECIALITIES", 2215, "2008-01-28"),
  major("NIGHTJAR", "NIGHTJAR MEDIA", 134, "2005-10-06"),
  major("COALTIT", "COALTIT MINING", 384, "2010-11-04"),
  major("CRESSETSHP", "CRESSET SHIPPING", 226, "2001-01-15"),
  major("SOOTFOUND", "SOOT FOUNDRIES", 1125, "2012-05-24"),
  major("VIGILINS", "VIGIL LIFE INSURANCE", 748, "2016-09-29"),
  major("MATCH&CO", "MATCH AND COMPANY", 305, "1996-08-13"),
  major("TRIMTOOLS", "TRIMMER TOOLS", 4650, "2011-07-07"),
  major("TORCHHOUS", "TORCHLIGHT HOUSING FINANCE", 890, "2013-02-11"),
  major("CANDELABRA", "CANDELABRA SOFTWARE", 5890, "2015-10-20"),
  major("WAXPOLY", "WAX POLYMERS", 165, "2018-06-18"),
];

/** How many of the majors make up the default selection. */
export const DEFAULT_SELECTION = 24;
