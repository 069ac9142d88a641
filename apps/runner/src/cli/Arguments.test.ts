import { Setting } from "@candlewick/core";
import { Result } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonOptions } from "../../launch/arguments.mjs";
import { parse } from "./Arguments.ts";

const historic = {
  id: "historic",
  parameters: {
    interval: Setting.literal(["day", "minute"], { description: "Interval" }),
    symbols: Setting.symbols({ description: "Symbols" }),
    batchSize: Setting.int({ description: "Batch size" }),
    confirmShrunk: Setting.flag({ description: "Confirm" }),
  },
};
const instruments = {
  id: "instruments",
  parameters: {
    exchanges: Setting.list({ description: "Exchanges" }),
    batchSize: Setting.int({ description: "Batch size" }),
  },
};

const read = (...args: ReadonlyArray<string>) => Result.getOrThrow(parse(args, [historic, instruments]));
const problems = (...args: ReadonlyArray<string>) => parse(args, [historic, instruments]);

const nothing = { sandbox: false, noSandbox: false, dryRun: false, json: false };

describe("a command line", () => {
  it.each<[ReadonlyArray<string>, object, object]>([
    [[], {}, {}],
    [["--dag=historic"], { dag: "historic" }, {}],
    [["--dag", "historic"], { dag: "historic" }, {}],
    [
      ["--dag=1,2", "--source=kite", "--sink", "postgres"],
      { dag: "1,2", source: "kite", sink: "postgres" },
      {},
    ],
    [["--dry-run", "--json", "--sandbox"], { dryRun: true, json: true, sandbox: true }, {}],
    [["--json=true"], { json: true }, {}],
    [["--json=false"], {}, {}],
    [["--log-level=debug"], { logLevel: "debug" }, {}],
    [["--wait-for-login=15m"], { waitForLogin: 900_000 }, {}],
    [["--wait-for-login=0"], { waitForLogin: 0 }, {}],
    [["--if-running=leave"], { ifRunning: "leave" }, {}],
    [["--symbols=NSE:M&M,NSE:BAJAJ-AUTO"], {}, { symbols: "NSE:M&M,NSE:BAJAJ-AUTO" }],
    [["--symbols", "NSE:M&M"], {}, { symbols: "NSE:M&M" }],
    [["--batch-size=10"], {}, { batchSize: "10" }],
    [["--batch-size", "10"], {}, { batchSize: "10" }],
    [["--batch-size=-1"], {}, { batchSize: "-1" }],
    [["--exchanges="], {}, { exchanges: "" }],
    [["--confirm-shrunk"], {}, { confirmShrunk: true }],
    [["--confirm-shrunk=false"], {}, { confirmShrunk: "false" }],
    [["--confirm-shrunk=maybe"], {}, { confirmShrunk: "maybe" }],
    [["login", "--source=kite"], { source: "kite" }, {}],
  ])("%j", (args, common, parameters) => {
    expect(read(...args)).toEqual({ common: { ...nothing, ...common }, parameters });
  });

  it.each<[ReadonlyArray<string>, ReadonlyArray<string>]>([
    [["--dga=historic"], ["unknown option --dga; did you mean --dag?"]],
    [["--wait-for-login=long"], [
      '--wait-for-login: expected a length of time such as 250ms, 30s, 5m or 1h, got "long"',
    ]],
    [["--batchSize=1"], ["unknown option --batchSize; did you mean --batch-size?"]],
    [["--batch_size=1"], ["unknown option --batch_size; did you mean --batch-size?"]],
    [["--smybols=NSE:A"], ["unknown option --smybols; did you mean --symbols?"]],
    [["--concurrency=4"], ["unknown option --concurrency; historic and instruments have no such parameter"]],
    [["-x"], ["unknown option -x; historic and instruments have no such parameter"]],
    [["--dag"], ["option --dag needs a value: --dag=LIST"]],
    [["--dag", "--json"], ["option --dag needs a value: --dag=LIST"]],
    [["--symbols"], [
      "option --symbols needs a value: --symbols=(EXCHANGE:SYMBOL separated by commas, such as NSE:INFY,NSE:TCS)",
    ]],
    [["--dag=a", "--dag=b"], ["option --dag is given twice"]],
    [["--json", "--json"], ["option --json is given twice"]],
    [["--json=yes"], ["option --json takes no value"]],
    [["--if-running=maybe"], ["--if-running=maybe: expected one of wait, leave"]],
    [["--log-level=loud"], ["--log-level=loud: expected one of debug, info, warn, error"]],
    [["historic"], ['unexpected "historic"; options begin with --, such as --dag=historic']],
    [["--json", "true"], ['unexpected "true"; options begin with --, such as --dag=historic']],
    [["--json", "login"], ['unexpected "login"; options begin with --, such as --dag=historic']],
    [["--", "--dag=x"], ['unexpected "--dag=x"; options begin with --, such as --dag=historic']],
    [["--dga=1", "--json=no", "x"], [
      "unknown option --dga; did you mean --dag?",
      "option --json takes no value",
      'unexpected "x"; options begin with --, such as --dag=historic',
    ]],
  ])("%j is refused", (args, expected) => expect(problems(...args)).toEqual(Result.fail(expected)));

  it("knows the parameters of the chosen DAGs only", () => {
    expect(parse(["--exchanges=NSE"], [historic])).toEqual(
      Result.fail(["unknown option --exchanges; historic has no such parameter"]),
    );
  });

  it("gives every value on as it was typed, with = or without", () =>
    fc.assert(
      fc.property(
        fc.record({ symbols: fc.string(), batchSize: fc.string(), interval: fc.string() }, {
          requiredKeys: [],
        }),
        fc.boolean(),
        (given, inline) => {
          const flags: Readonly<Record<string, string>> = { batchSize: "--batch-size" };
          fc.pre(inline || Object.values(given).every((value) => !value.startsWith("-")));
          const args = Object.entries(given).flatMap(([key, value]) => {
            const flag = flags[key] ?? `--${key}`;
            return inline ? [`${flag}=${value}`] : [flag, value];
          });
          expect(read(...args).parameters).toEqual(given);
        },
      ),
      { numRuns: 500 },
    ));

  it("is read or refused, whatever it is, and never takes an option for granted that is not there", () => {
    const word = fc.oneof(
      fc.constantFrom("--dag", "--json", "--symbols", "--confirm-shrunk", "-h", "-", "--", "login", "="),
      fc.string(),
      fc.string().map((text) => `--${text}`),
    );
    fc.assert(
      fc.property(fc.array(word), (args) => {
        const parsed = parse(args, [historic]);
        if (Result.isFailure(parsed)) {
          expect(parsed.failure.length).toBeGreaterThan(0);
          return;
        }
        const has = (flag: string) => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
        expect(parsed.success.common.json).toBe(has("--json") && !args.includes("--json=false"));
        expect("dag" in parsed.success.common).toBe(has("--dag"));
        for (const key of Object.keys(parsed.success.parameters)) {
          expect(key in historic.parameters).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes every option that all runs have", () => {
    for (const [name, { type, short }] of Object.entries(commonOptions)) {
      const good: Readonly<Record<string, string>> = {
        "if-running": "leave",
        "log-level": "info",
        "wait-for-login": "1m",
      };
      const value = good[name] ?? "x";
      expect(Result.isSuccess(problems(type === "string" ? `--${name}=${value}` : `--${name}`))).toBe(true);
      if (short !== undefined) expect(Result.isSuccess(problems(`-${short}`))).toBe(true);
    }
  });
});
