import { Time } from "@candlewick/pretend-exchange";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseCandleQuery } from "./candle-query.ts";
import { INTERVALS } from "./intervals.ts";

const text = (local: number) => Time.formatLocal(local).slice(0, 16);

const parse = (interval: string, from: number, to: number) =>
  parseCandleQuery(
    new URLSearchParams({
      exchange: "NSE",
      symboltoken: "1594",
      interval,
      fromdate: text(from),
      todate: text(to),
    }),
    (key) => key === "NSE:1594" ? 408_065 : undefined,
  );

const minute = fc.integer({ min: Time.dayOf(1995, 1, 1) * 1440, max: Time.dayOf(2026, 1, 1) * 1440 });

it("a range of at most the interval's days, to the minute, is what is asked for; more is refused", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(INTERVALS)),
      minute,
      fc.integer({ min: -3, max: 3 }),
      (name, start, beyond) => {
        const { interval, days } = INTERVALS[name] ?? expect.unreachable();
        const from = start * 60;
        const to = from + days * Time.DAY_SECONDS + beyond * 60;
        const parsed = parse(name, from, to);
        if (beyond > 0) {
          expect("status" in parsed && new TextDecoder().decode(parsed.body)).toContain(
            `Range exceeds ${days} days`,
          );
        } else {
          const query = { instrumentToken: 408_065, interval, from, to, continuous: false, oi: false };
          expect(parsed).toEqual(query);
        }
      },
    ),
    { numRuns: 300 },
  );
});
