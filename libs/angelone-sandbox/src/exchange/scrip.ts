/** A row of the scrip master: the fields in the vendor's order, all of them text. */
export interface Scrip {
  /** Unique within `exch_seg`; not always a number. */
  readonly token: string;
  readonly symbol: string;
  readonly name: string;
  /** `28OCT2025`, empty where there is none. */
  readonly expiry: string;
  /** Times 100, currency times 10,000,000; `-1.000000` or `0.000000` where there is none. */
  readonly strike: string;
  readonly lotsize: string;
  readonly instrumenttype: string;
  readonly exch_seg: string;
  /** Times 100, currency times 10,000,000. */
  readonly tick_size: string;
}

export const keyOf = ({ exch_seg, token }: Scrip): string => `${exch_seg}:${token}`;

const row = (scrip: Scrip): string =>
  `{"token": ${JSON.stringify(scrip.token)}, "symbol": ${JSON.stringify(scrip.symbol)}, ` +
  `"name": ${JSON.stringify(scrip.name)}, "expiry": "${scrip.expiry}", "strike": "${scrip.strike}", ` +
  `"lotsize": "${scrip.lotsize}", "instrumenttype": "${scrip.instrumenttype}", ` +
  `"exch_seg": "${scrip.exch_seg}", "tick_size": "${scrip.tick_size}"}`;

/** The scrip master as recorded ones are written: one JSON array, a blank behind each colon and comma, no line end. */
export const renderMaster = (scrips: ReadonlyArray<Scrip>): string => `[${scrips.map(row).join(", ")}]`;
