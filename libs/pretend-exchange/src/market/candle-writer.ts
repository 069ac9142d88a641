import { civil, type Day } from "../time.ts";
import type { CandleFormat } from "../vendor.ts";
import { UNITS_PER_RUPEE } from "./series.ts";

/** One candle ready to be written: prices in units, see {@link UNITS_PER_RUPEE}. */
export interface WireCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi: number;
}

const COMMA = 0x2c;
const DIGIT_ZERO = 0x30;
const INT32_LIMIT = 0x7fff_ffff;
/** No row is longer: a stamp of 28 bytes and six numbers of at most 16. */
const LONGEST_ROW = 160;

const ascii = (text: string) => new TextEncoder().encode(text);

/** Writes the last `count` decimal digits of a 32-bit integer at `at`. */
const digits = (bytes: Uint8Array, at: number, count: number, n: number): void => {
  let rest = n | 0;
  for (let i = at + count - 1; i >= at; i--) {
    const tenth = rest / 10 | 0;
    bytes[i] = DIGIT_ZERO + rest - tenth * 10;
    rest = tenth;
  }
};

/**
 * Writes candles straight into bytes, in the vendor's envelope and number format (no trailing zeros). Building
 * strings and encoding them afterwards costs several times as much, and this is what serves bulk requests.
 */
export class CandleWriter {
  readonly #withOi: boolean;
  readonly #tail: Uint8Array<ArrayBuffer>;
  readonly #stamp: Uint8Array<ArrayBuffer>;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #day: Day | undefined;
  #rows = 0;

  /** @param expectedRows sizes the first buffer, which grows when more come. */
  constructor({ head, tail, offset }: CandleFormat, withOi: boolean, expectedRows: number) {
    this.#withOi = withOi;
    this.#stamp = ascii(`"0000-00-00T00:00:00${offset}"`);
    this.#tail = ascii(tail);
    this.#bytes = new Uint8Array(head.length + tail.length + Math.max(1, expectedRows) * 80 + LONGEST_ROW);
    this.#raw(ascii(head));
  }

  /** Appends a candle that starts at `minute` of `day`. */
  row(day: Day, minute: number, candle: WireCandle): void {
    if (this.#length + LONGEST_ROW > this.#bytes.length) this.#grow();
    if (this.#rows++ > 0) this.#byte(COMMA);
    this.#byte(0x5b);
    this.#start(day, minute);
    this.#price(candle.open);
    this.#price(candle.high);
    this.#price(candle.low);
    this.#price(candle.close);
    this.#byte(COMMA);
    this.#integer(candle.volume);
    if (this.#withOi) {
      this.#byte(COMMA);
      this.#integer(candle.oi);
    }
    this.#byte(0x5d);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The whole answer; nothing may be written afterwards. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#length + this.#tail.length > this.#bytes.length) this.#grow();
    this.#raw(this.#tail);
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  #raw(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** `"2017-12-15T09:15:00+0530"`, with the offset as the vendor writes it. */
  #start(day: Day, minute: number): void {
    if (day !== this.#day) {
      const { year, month, date } = civil(day);
      digits(this.#stamp, 1, 4, year);
      digits(this.#stamp, 6, 2, month);
      digits(this.#stamp, 9, 2, date);
      this.#day = day;
    }
    digits(this.#stamp, 12, 2, minute / 60 | 0);
    digits(this.#stamp, 15, 2, minute % 60);
    this.#raw(this.#stamp);
  }

  #price(units: number): void {
    this.#byte(COMMA);
    const rupees = Math.floor(units / UNITS_PER_RUPEE);
    this.#integer(rupees);
    let rest = units - rupees * UNITS_PER_RUPEE;
    if (rest === 0) return;
    this.#byte(0x2e);
    for (let place = UNITS_PER_RUPEE / 10; rest > 0; place = place / 10 | 0) {
      const digit = rest / place | 0;
      this.#byte(DIGIT_ZERO + digit);
      rest -= digit * place;
    }
  }

  #integer(n: number): void {
    if (n > INT32_LIMIT) {
      this.#raw(ascii(String(n)));
      return;
    }
    let count = 1;
    for (let limit = 10; n >= limit; limit *= 10) count++;
    digits(this.#bytes, this.#length, count, n);
    this.#length += count;
  }
}
