import { expect, it } from "vitest";
import { readArguments, USAGE } from "./arguments.ts";

const message = (...args: ReadonlyArray<string>) => {
  const read = readArguments(args);
  return read.kind === "wrong" ? read.message : read.kind;
};

it("serves the invented market of seed 1 under the vendor's limits by default", () => {
  expect(readArguments([])).toEqual({
    kind: "serve",
    options: { port: 4020, limits: "vendor", mode: { kind: "invented", seed: 1 } },
  });
});

it("takes its options", () => {
  expect(readArguments(["--port=0", "--seed=7", "--today=2024-01-01", "--no-limits"])).toEqual({
    kind: "serve",
    options: { port: 0, limits: "off", mode: { kind: "invented", seed: 7, today: "2024-01-01" } },
  });
  expect(readArguments(["--replay=master.json.gz", "--candles=some/folder"])).toMatchObject({
    options: { mode: { kind: "replay", master: "master.json.gz", candles: "some/folder" } },
  });
  expect(readArguments(["--faults=f.json"])).toMatchObject({ faultsFile: "f.json" });
  expect(message("--candles=some/folder")).toBe("--candles needs --replay");
  expect(message("--date=2024-01-01")).toContain("--date");
});

it("the usage names every option it takes", () => {
  for (
    const option of ["port", "seed", "today", "replay", "candles", "no-limits", "faults", "chaos", "help"]
  ) {
    expect(USAGE).toContain(`--${option}`);
  }
});
