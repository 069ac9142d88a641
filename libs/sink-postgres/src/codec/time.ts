/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar (month 1 to 12). */
export const daysFromCivil = (year: number, month: number, day: number): number => {
  // Years counted from March, so that the leap day is the last: https://howardhinnant.github.io/date_algorithms.html
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

const DAY = 86_400_000;

const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
};

/**
 * Epoch milliseconds of a timestamp as PostgreSQL prints it with DateStyle ISO and time zone UTC:
 * `2024-01-31 09:15:00.123+00`, `0044-03-15 12:00:00+00 BC`. Microseconds are cut off.
 */
export const instantFromText = (text: string): number => {
  let at = text.indexOf("-");
  if (at < 4) return text === "infinity" ? Infinity : -Infinity;
  const written = digits(text, 0, at);
  const year = text.endsWith("BC") ? 1 - written : written;
  const days = daysFromCivil(year, digits(text, at + 1, at + 3), digits(text, at + 4, at + 6));
  at += 7;
  let time = digits(text, at, at + 2) * 3_600_000 + digits(text, at + 3, at + 5) * 60_000 +
    digits(text, at + 6, at + 8) * 1_000;
  if (text.charCodeAt(at + 8) === 46) {
    let weight = 100;
    for (let i = at + 9; i < at + 12; i++) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) break;
      time += digit * weight;
      weight /= 10;
    }
  }
  return days * DAY + time;
};
