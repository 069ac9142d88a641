import { describe, expect, it } from "vitest";
import { readArguments, USAGE } from "./arguments.ts";

const message = (...args: ReadonlyArray<string>) => {
  const read = readArguments(args);
  return read.kind === "wrong" ? read.message : read.kind;
};

describe("the command line", () => {
  it("serves the invented market of seed 1 under the vendor's limits by default", () => {
    expect(readArguments([])).toEqual({
      kind: "serve",
      options: { port: 4010, limits: "vendor", mode: { kind: "invented", seed: 1 } },
    });
  });

  it("takes its options", () => {
    expect(
      readArguments([
        "--port=0",
        "--seed",
        "7",
        "--today=2024-01-01",
        "--no-limits",
        "--redirect=http://127.0.0.1:5/x",
      ]),
    )
      .toEqual({
        kind: "serve",
        options: {
          port: 0,
          limits: "off",
          redirectUrl: "http://127.0.0.1:5/x",
          mode: { kind: "invented", seed: 7, today: "2024-01-01" },
        },
      });
    expect(readArguments(["--replay=some/folder", "--date=2019-04-02"])).toMatchObject({
      options: { mode: { kind: "replay", folder: "some/folder", date: "2019-04-02" } },
    });
    expect(readArguments(["--help"])).toEqual({ kind: "help" });
  });

  it("makes a script of chaos, and leaves a script's file to be read", () => {
    expect(readArguments(["--chaos=0.1", "--chaos-seed=7"])).toMatchObject({
      options: { faults: { seed: 7, rules: [{ fault: "any", chance: 0.1 }] } },
    });
    expect(readArguments(["--chaos", "1"])).toMatchObject({
      options: { faults: { seed: 1, rules: [{ fault: "any", chance: 1 }] } },
    });
    expect(readArguments(["--faults=some/faults.json"])).toMatchObject({ faultsFile: "some/faults.json" });
  });

  it("says what is wrong", () => {
    expect(message("--port=x")).toBe("--port: not a port: x");
    expect(message("--seed=-1")).toContain("--seed: not a number");
    expect(message("--date=2019-04-02")).toBe("--date needs --replay");
    expect(message("--replay=x", "--seed=1")).toContain("not for --replay");
    expect(message("--redirect=nowhere")).toContain("--redirect: not an address");
    expect(message("--chaos=2")).toBe("--chaos: not a share from 0 to 1: 2");
    expect(message("--chaos=.")).toBe("--chaos: not a share from 0 to 1: .");
    expect(message("--chaos-seed=7")).toBe("--chaos-seed needs --chaos");
    expect(message("--chaos=0.1", "--chaos-seed=x")).toContain("--chaos-seed: not a number");
    expect(message("--chaos=0.1", "--faults=f.json")).toContain("--chaos or --faults, not both");
    expect(message("--bogus")).toContain("--bogus");
    expect(message("stray")).toContain("stray");
  });

  it("explains every option it takes", () => {
    const options = ["port", "seed", "today", "replay", "date", "redirect", "no-limits"];
    for (const option of [...options, "faults", "chaos", "chaos-seed", "help"]) {
      expect(USAGE).toContain(`--${option}`);
    }
  });
});
