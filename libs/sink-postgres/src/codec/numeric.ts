import { MAX_FRACTION_DIGITS, MAX_WHOLE_DIGITS } from "../columns.ts";
import type { ByteWriter } from "./ByteWriter.ts";

const ZERO = 48;
const POINT = 46;
const MINUS = 45;

/**
 * Writes plain decimal text as the body of a binary `numeric`, digit for digit: groups of four decimal digits
 * around the point, and how many digits to show after it. False, with nothing written, when the text is not
 * plain or too long. Layout: `numeric_recv` in PostgreSQL's numeric.c.
 */
export const writeNumeric = (out: ByteWriter, text: string): boolean => {
  const { length } = text;
  const start = length > 0 && text.charCodeAt(0) === MINUS ? 1 : 0;
  let point = length;
  for (let i = start; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === POINT && point === length) point = i;
    else if (unit < ZERO || unit > ZERO + 9) return false;
  }
  const whole = point - start;
  const fraction = point === length ? 0 : length - point - 1;
  if (whole === 0 || point === length - 1) return false;
  if (whole > MAX_WHOLE_DIGITS || fraction > MAX_FRACTION_DIGITS) return false;

  const wholeGroups = (whole + 3) >> 2;
  const fractionGroups = (fraction + 3) >> 2;
  out.reserve(8 + 2 * (wholeGroups + fractionGroups));
  out.int16(wholeGroups + fractionGroups);
  out.int16(wholeGroups - 1);
  out.int16(start === 1 ? 0x4000 : 0);
  out.int16(fraction);
  let group = 0;
  for (let i = 0; i < whole; i++) {
    group = group * 10 + text.charCodeAt(start + i) - ZERO;
    if (((whole - i - 1) & 3) === 0) {
      out.int16(group);
      group = 0;
    }
  }
  for (let i = 0; i < fractionGroups * 4; i++) {
    group = group * 10 + (i < fraction ? text.charCodeAt(point + 1 + i) - ZERO : 0);
    if ((i & 3) === 3) {
      out.int16(group);
      group = 0;
    }
  }
  return true;
};
