import { afterEach, beforeEach, describe, expect, it } from "vitest";
import process from "node:process";
import { processOutput } from "./Output.ts";

const streams = [process.stdout, process.stderr];
const before = streams.map(({ isTTY }) => isTTY);

const on = (isTerminal: boolean) => {
  for (const stream of streams) stream.isTTY = isTerminal;
};

beforeEach(() => on(true));
afterEach(() => streams.forEach((stream, index) => stream.isTTY = before[index]!));

const output = (variables: Readonly<Record<string, string>> = {}) => processOutput((name) => variables[name]);

const looks = (made = output()) => ({
  colours: made.paintErr("red", "x") !== "x",
  result: made.paintOut("red", "x") !== "x",
  isLive: made.isLive,
});

describe("the process's output", () => {
  it("on a terminal is live and coloured", () =>
    expect(looks()).toEqual({ colours: true, result: true, isLive: true }));

  it("in a pipe is neither", () => {
    on(false);
    expect(looks()).toEqual({ colours: false, result: false, isLive: false });
  });

  it("heeds NO_COLOR, which an empty value does not set", () => {
    expect(looks(output({ NO_COLOR: "1" }))).toEqual({ colours: false, result: false, isLive: true });
    expect(looks(output({ NO_COLOR: "" })).colours).toBe(true);
  });

  it("does not redraw on a dumb terminal", () =>
    expect(looks(output({ TERM: "dumb" }))).toEqual({ colours: false, result: false, isLive: false }));

  it("heeds FORCE_COLOR in a pipe, but not against NO_COLOR", () => {
    on(false);
    expect(looks(output({ FORCE_COLOR: "1" }))).toEqual({ colours: true, result: true, isLive: false });
    expect(looks(output({ FORCE_COLOR: "0" })).colours).toBe(false);
    expect(looks(output({ FORCE_COLOR: "1", NO_COLOR: "1" })).colours).toBe(false);
  });

  it("is as wide as the terminal, and 80 where that is not known", () => {
    const columns = process.stderr.columns;
    process.stderr.columns = 0;
    expect(output().width()).toBe(80);
    process.stderr.columns = 132;
    expect(output().width()).toBe(132);
    process.stderr.columns = columns;
  });
});
