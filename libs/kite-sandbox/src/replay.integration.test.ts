import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { makeSandbox } from "./sandbox.ts";
import { ask } from "./test-client.ts";

const HEADER =
  "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange";
const DUMP = `${HEADER}\n257,1,ONE,"ONE LTD",0,,0,0.05,1,EQ,NSE,NSE\n516,2,TWO,,0.0,,0.0,0.05,1,EQ,BSE,BSE\n`;
const DAYS = `{"status":"success","data":{"candles":[["2024-01-01T00:00:00+0530",1,2.50,0.5,1.10,7],` +
  `["2024-01-02T00:00:00+0530",1.0,2,1,2,8],["2024-01-03T00:00:00+0530",2,3,1,1.05,9]]}}`;
const MINUTES = `{ "status": "success", "data": { "candles": [
  [ "2024-01-01T09:15:00+0530", 1, 2, 1, 1.5, 10, 0 ],
  [ "2024-01-01T09:16:00+0530", 1.50, 2, 1, 2, 10, 5 ] ] } }`;

const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const made = mkdtempSync(join(tmpdir(), "kite-sandbox-"));
    mkdirSync(join(made, "instruments"));
    mkdirSync(join(made, "historical/257"), { recursive: true });
    writeFileSync(join(made, "instruments/2024-01-02.csv"), `${HEADER}\n`);
    writeFileSync(join(made, "instruments/2024-01-03.csv"), DUMP);
    writeFileSync(join(made, "instruments/notes.csv"), "no dump");
    writeFileSync(
      join(made, "historical/index.csv"),
      "instrument_token,exchange,tradingsymbol\n257,NSE,ONE\n",
    );
    writeFileSync(join(made, "historical/257/day.json"), DAYS);
    writeFileSync(join(made, "historical/257/minute.json"), MINUTES);
    return made;
  }),
  (made) => Effect.sync(() => rmSync(made, { recursive: true })),
);

const replay = (path: string, date?: string) =>
  makeSandbox({
    limits: "off",
    mode: { kind: "replay", folder: path, ...(date === undefined ? {} : { date }) },
  });

describe("replay", () => {
  it.effect("serves the newest dump or the one chosen, and parts of it by exchange, as recorded", () =>
    Effect.gen(function* () {
      const path = yield* folder;
      const newest = yield* replay(path);
      expect((yield* ask(newest, "/instruments")).text).toBe(DUMP);
      const lines = DUMP.split("\n");
      expect((yield* ask(newest, "/instruments/BSE")).text).toBe(`${lines[0]}\n${lines[2]}\n`);
      expect((yield* ask(newest, "/instruments/NFO")).error).toBe("InputException: Invalid `exchange`.");
      expect((yield* ask(yield* replay(path, "2024-01-02"), "/instruments")).text).toBe(`${HEADER}\n`);
      expect(newest.selection).toEqual(["NSE:ONE"]);
    }));

  it.effect("cuts recorded candles to the range and changes no digit", () =>
    Effect.gen(function* () {
      const sandbox = yield* replay(yield* folder);
      const read = (path: string) =>
        Effect.map(ask(sandbox, `/instruments/historical/${path}`), ({ text }) => text);
      expect(yield* read("257/day?from=2024-01-01&to=2024-01-03")).toBe(DAYS);
      expect(yield* read("257/day?from=2024-01-02+09:15:00&to=2024-01-02+15:30:00")).toBe(
        '{"status":"success","data":{"candles":[["2024-01-02T00:00:00+0530",1.0,2,1,2,8]]}}',
      );
      expect(yield* read("257/minute?from=2024-01-01+09:16:00&to=2024-01-01")).toBe(
        '{"status":"success","data":{"candles":[[ "2024-01-01T09:16:00+0530", 1.50, 2, 1, 2, 10, 5 ]]}}',
      );
    }));

  it.effect("has no candles of what was not recorded, and keeps the vendor's rules", () =>
    Effect.gen(function* () {
      const sandbox = yield* replay(yield* folder);
      const read = (path: string) => ask(sandbox, `/instruments/historical/${path}`);
      expect((yield* read("258/day?from=2024-01-01&to=2024-01-03")).text).toBe(
        '{"status":"success","data":{"candles":[]}}',
      );
      expect((yield* read("257/hour?from=2024-01-01&to=2024-01-03")).error).toBe(
        "InputException: invalid interval",
      );
      expect((yield* read("..%2f257/day?from=2024-01-01&to=2024-01-03")).error).toBe(
        "InputException: invalid token",
      );
    }));

  it.effect("sees candles that were added, changed or taken away while it runs", () =>
    Effect.gen(function* () {
      const path = yield* folder;
      const sandbox = yield* replay(path);
      const days = Effect.map(
        ask(sandbox, "/instruments/historical/257/day?from=2024-01-01&to=2024-01-31"),
        ({ text }) => text,
      );
      expect(yield* days).toBe(DAYS);
      const more = DAYS.replace("]}}", ',["2024-01-04T00:00:00+0530",2,3,1,1.05,9]]}}');
      writeFileSync(join(path, "historical/257/day.json"), more);
      expect(yield* days).toBe(more);
      rmSync(join(path, "historical/257/day.json"));
      expect(yield* days).toBe('{"status":"success","data":{"candles":[]}}');
    }));

  it.effect("goes wrong by the same scripts, with the candles that are there", () =>
    Effect.gen(function* () {
      const path = yield* folder;
      mkdirSync(join(path, "historical/516"));
      const other = DAYS.replaceAll("2.50", "7.50");
      writeFileSync(join(path, "historical/516/day.json"), other);
      const sandbox = yield* replay(path);
      const ranged = (from: string, to: string) =>
        Effect.map(
          ask(sandbox, `/instruments/historical/257/day?from=${from}&to=${to}`),
          ({ text }) => text,
        );
      const days = ranged("2024-01-01", "2024-01-03");
      sandbox.setFaults({ rules: [{ fault: "wrong-instrument" }] });
      expect(yield* days).toBe(other);
      sandbox.setFaults({ rules: [{ fault: "out-of-range" }] });
      expect(yield* ranged("2024-01-02", "2024-01-02")).toBe(DAYS);
      sandbox.setFaults({ rules: [{ fault: "missing-day", day: "2024-01-02" }] });
      expect(yield* days).toBe(DAYS.replace('["2024-01-02T00:00:00+0530",1.0,2,1,2,8],', ""));
      sandbox.setFaults({ rules: [{ fault: "split", symbol: "NSE:ONE", exDate: "2024-01-02", ratio: 2 }] });
      expect(yield* days).toBe(DAYS.replace("1,2.50,0.5,1.10,7", "0.5,1.25,0.25,0.55,14"));
      sandbox.setFaults({ rules: [{ fault: "empty", symbol: "BSE:TWO" }] });
      expect(yield* days).toBe(DAYS);
    }));

  it.effect("says what it cannot find", () =>
    Effect.gen(function* () {
      const path = yield* folder;
      expect((yield* Effect.flip(replay(path, "2023-01-01"))).message).toBe(
        `no recorded instruments of 2023-01-01 in ${path}, there are: 2024-01-02, 2024-01-03`,
      );
      expect((yield* Effect.flip(replay(join(path, "none")))).message).toContain(
        "no folder of recorded instruments",
      );
    }));
});

const root = join(import.meta.dirname ?? ".", "../../..");
const recordings = join(process.env["CANDLEWICK_SHARED"] ?? join(root, "../shared"), "recordings/kite");

describe.skipIf(!existsSync(recordings))("replay of recordings (needs ../shared/recordings)", () => {
  it.effect("serves every dump byte for byte", () =>
    Effect.gen(function* () {
      const dates = readdirSync(join(recordings, "instruments")).flatMap((file) =>
        /^(\d{4}-.*)\.csv$/.exec(file)?.[1] ?? []
      );
      expect(dates.length).toBeGreaterThan(0);
      for (const date of dates) {
        const sandbox = yield* replay(recordings, date);
        const { text } = yield* ask(sandbox, "/instruments");
        expect(text === readFileSync(join(recordings, "instruments", `${date}.csv`), "utf8")).toBe(true);
      }
    }), 30_000);

  it.effect(
    "serves every series in pieces that join to the recording, number for number",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* replay(recordings);
        const tokens = readdirSync(join(recordings, "historical")).filter((name) => /^\d+$/.test(name));
        const joined = (token: string, interval: string, ranges: ReadonlyArray<readonly [string, string]>) =>
          Effect.map(
            Effect.forEach(
              ranges,
              ([from, to]) =>
                ask(sandbox, `/instruments/historical/${token}/${interval}?from=${from}&to=${to}`),
            ),
            (answers) =>
              answers.map(({ text }) => /"candles":\[(.*)\]\}\}/s.exec(text)?.[1]).filter(Boolean).join(","),
          );
        const recorded = (token: string, interval: string) =>
          /"candles":\s*\[(.*)\]\s*\}\s*\}/s.exec(
            readFileSync(join(recordings, "historical", token, `${interval}.json`), "utf8"),
          )?.[1];
        let compared = 0;
        for (const token of tokens) {
          if (!existsSync(join(recordings, "historical", token, "day.json"))) continue;
          const days = [["2020-01-01", "2022-12-31"], ["2023-01-01", "2026-12-31"]] as const;
          const hours = [["2024-12-01", "2025-06-30"], ["2025-07-01", "2026-07-01"]] as const;
          expect((yield* joined(token, "day", days)) === recorded(token, "day")).toBe(true);
          expect((yield* joined(token, "60minute", hours)) === recorded(token, "60minute")).toBe(true);
          compared += 2;
        }
        expect(compared).toBeGreaterThan(40);
      }),
    30_000,
  );
});
