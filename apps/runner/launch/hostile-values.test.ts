import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flagsOf, granted, plugin } from "../src/testing/permissions.ts";
import { hostsOf } from "./permissions.mjs";

describe("whatever stands in a value", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[",", ",,", " ", "\n", "\0", "=", "*", "--allow-all", "--allow-read", "-A", "${X}", "${", "}", "$"],
      ...[
        "@",
        ":",
        "/",
        "://",
        "?",
        "#",
        "\\",
        "[",
        "]",
        "[::]",
        "0.0.0.0",
        "0.0.0.0/0",
        "localhost",
        "a.example",
      ],
      ...[
        "postgres://",
        "http://",
        "https://",
        ":443",
        ":99999",
        "..",
        "é",
        "%2C",
        "user:pass@",
        "~",
        "/etc",
      ],
    ),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.array(tie("value")),
      fc.dictionary(text, tie("value")),
    ),
  })).value;
  const manifest = fc.record({
    kind: fc.constantFrom("source", "sink", "dag", "sandbox"),
    id: text,
    net: fc.array(text),
    env: fc.array(text),
    read: fc.array(text),
    run: fc.array(text),
    ffi: fc.array(text),
    sys: fc.array(text),
  });

  const SHAPE = /^--allow-(read|write|net|env|run|ffi|sys)=[^]+$/;
  const names = (flags: ReadonlyArray<string>) => flags.map((flag) => SHAPE.exec(flag)?.[1]);

  it("flags are of seven kinds, each once and never without a list", () =>
    fc.assert(
      fc.property(fc.array(manifest), json, fc.dictionary(text, text), (plugins, config, variables) => {
        const flags = flagsOf({ plugins: plugins.map(plugin), config, variables });
        expect(names(flags)).not.toContain(undefined);
        expect(new Set(names(flags)).size).toBe(flags.length);
        expect(granted(flags, "write")).toEqual(["/project/.candlewick"]);
        for (const name of granted(flags, "env")) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*\*?$/);
      }),
      { numRuns: 1_000 },
    ));

  it("a variable widens nothing but the hosts, and those by the hosts it names", () =>
    fc.assert(
      fc.property(text, (value) => {
        const plugins = [
          plugin({ net: ["api.example:443", "${VENDOR_ROOT}"], env: ["VENDOR_*"], sys: ["uid"] }),
        ];
        const [before, after] = [{}, { VENDOR_ROOT: value, X: value }].map((variables) =>
          flagsOf({ plugins, variables })
        );
        const others = (flags: ReadonlyArray<string>) =>
          flags.filter((flag) => !flag.startsWith("--allow-net"));
        expect(others(after!)).toEqual(others(before!));
        expect(new Set(granted(after!, "net"))).toEqual(
          new Set([...granted(before!, "net"), ...hostsOf(value)]),
        );
      }),
      { numRuns: 1_000 },
    ));

  it("a host is a plain one, and stands in the value", () =>
    fc.assert(
      fc.property(text, (value) => {
        for (const host of hostsOf(value)) {
          expect(host).toMatch(/^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i);
          const name = host.replace(/:\d+$/, "");
          expect(/^(127\.0\.0\.1|\[::1\])$/.test(name) ? "localhost" : name)
            .toSatisfy((one: string) =>
              value.toLowerCase().includes(one.toLowerCase()) || value.includes(name)
            );
        }
      }),
      { numRuns: 1_000 },
    ));

  it("a path stays one path", () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (paths) => {
        fc.pre(paths.every((path) => !path.includes("\0")));
        const flags = flagsOf({ read: paths.map((path) => `/${path}/`) });
        expect(granted(flags, "read")).toEqual([...new Set(paths.map((path) => `/${path}/`))].sort());
      }),
      { numRuns: 500 },
    ));
});
