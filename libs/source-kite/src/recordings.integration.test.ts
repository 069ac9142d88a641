import {
  allInstruments,
  askFor,
  jsonReply,
  NEEDS_RECORDINGS,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { Stream } from "effect";
import { describe, expect, it } from "vitest";
import { withKite } from "./testing/fixtures.ts";
import { csvReply } from "./testing/replies.ts";
import { recordings } from "./testing/recordings.ts";
import { referenceDecode } from "./testing/referenceDecoder.ts";
import { formatStamp } from "./stamp.ts";

const dumps: ReadonlyArray<readonly [string, number]> = [
  ["instruments/2019-04-02.csv", 48_218],
  ["instruments/2019-10-25.csv", 64_363],
  ["instruments/2026-08-14.csv", 39_941],
  ["instruments/raw-format-rows.csv", 22],
  ["mocks/2017/instruments_nse.csv", 6_401],
  ["mocks/instruments_all.csv", 99],
  ["mocks/instruments_nse.csv", 99],
];

describe.skipIf(!recordings.present)(`recorded dumps ${NEEDS_RECORDINGS}`, () => {
  it.each(dumps)(
    "%s: all %d rows are listings, as the obvious decoder has them",
    (file, count) =>
      withServer(() => csvReply(recordings.bytes(file)), async ({ root }) => {
        const { instruments, rejected } = valueOf(await withKite(root, (kite) => allInstruments(kite)));
        expect(rejected).toEqual([]);
        expect(instruments).toHaveLength(count);
        expect(instruments).toEqual(referenceDecode(recordings.text(file)).instruments);
      }),
  );

  it("cut anywhere are never taken for whole", async () => {
    const whole = recordings.bytes("instruments/raw-format-rows.csv");
    for (let length = 0; length < whole.length; length += 7) {
      if (whole[length - 1] === 10) continue;
      await withServer(() => csvReply(whole.subarray(0, length)), async ({ root }) => {
        const exit = await withKite(root, (kite) => Stream.runDrain(kite.instruments.instruments()));
        expect(exit._tag).toBe("Failure");
      });
    }
  });
});

const files = recordings.present ? recordings.candleFiles() : [];

const intervalOf = (file: string) =>
  file.includes("day") ? "day" as const : file.includes("60minute") ? "60minute" as const : "minute" as const;

/** The rows of a recording as text, read the plain way. */
const recordedRows = (file: string): ReadonlyArray<ReadonlyArray<string | null>> =>
  (JSON.parse(recordings.text(file)) as { data: { candles: ReadonlyArray<ReadonlyArray<string | number>> } })
    .data.candles.map((row) => [...row.map(String), ...(row.length === 6 ? [null] : [])]);

describe.skipIf(!recordings.present)(`recorded candles ${NEEDS_RECORDINGS}`, () => {
  it("are all there", () => {
    expect(files).toHaveLength(24 * 2 + 1 + 3);
  });

  it.each(files)(
    "%s: every candle, digit for digit",
    (file) =>
      withServer(() => jsonReply(recordings.text(file)), async ({ root }) => {
        const { candles, rejected } = valueOf(
          await withKite(root, (kite) => kite.candles.candles(askFor("1", intervalOf(file)))),
        );
        expect(rejected).toEqual([]);
        expect(
          candles.map(({ ts, open, high, low, close, volume, oi }) => [
            `${formatStamp(ts).replace(" ", "T")}+0530`,
            open,
            high,
            low,
            close,
            String(volume),
            oi === null ? null : String(oi),
          ]),
        ).toEqual(recordedRows(file));
      }),
  );
});
