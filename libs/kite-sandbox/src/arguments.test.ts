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

  it("says what is wrong", () => {
    expect(message("--port=x")).toBe("--port: not a port: x");
    expect(message("--seed=-1")).toContain("--seed: not a number");
    expect(message("--date=2019-04-02")).toBe("--date needs --replay");
    expect(message("--replay=x", "--seed=1")).toContain("not for --replay");
    expect(message("--redirect=nowhere")).toContain("--redirect: not an address");
    expect(message("--bogus")).toContain("--bogus");
    expect(message("stray")).toContain("stray");
  });

  it("explains every option it takes", () => {
    for (const option of ["port", "seed", "today", "replay", "date", "redirect", "no-limits", "help"]) {
      expect(USAGE).toContain(`--${option}`);
    }
  });
});
