import { describe, expect, it } from "vitest";
import { answer } from "../server/answer.ts";
import { wording } from "../test-wording.ts";
import { faultOf } from "./scripted.ts";

const DUE = answer(200, "text/csv", "abcdefghij");
const DESK = { query: undefined, candles: () => DUE, others: () => [], wording };

const text = (step: Uint8Array | number) => typeof step === "number" ? step : new TextDecoder().decode(step);

const steps = (rule: Parameters<typeof faultOf>[0]) => {
  const delivery = faultOf(rule).deliver(DUE, DESK);
  return { end: delivery?.end, steps: delivery?.steps.map(text) };
};

describe("the pauses of", () => {
  it("a drip come before each piece, a slow answer's before the whole", () => {
    expect(steps({ fault: "drip", pieces: 3, milliseconds: 7 })).toEqual({
      end: "finish",
      steps: [7, "abcd", 7, "efgh", 7, "ij"],
    });
    expect(steps({ fault: "drip" }).steps).toEqual([50, "ab", 50, "cd", 50, "ef", 50, "gh", 50, "ij"]);
    expect(steps({ fault: "slow", milliseconds: 9 })).toEqual({ end: "finish", steps: [9, "abcdefghij"] });
    expect(steps({ fault: "slow" }).steps?.[0]).toBe(1000);
  });

  it("a hang end with the connection, or never", () => {
    expect(steps({ fault: "hang", seconds: 0.25 })).toEqual({ end: "close", steps: [250] });
    expect(steps({ fault: "hang" })).toEqual({ end: "hang", steps: [] });
  });
});
