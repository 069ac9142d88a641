import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { make } from "./Screen.ts";

/** What a terminal shows after some output: enough of one to follow what a screen writes. */
const terminal = (written: string): { readonly lines: ReadonlyArray<string>; readonly cursor: boolean } => {
  const lines: Array<string> = [""];
  let row = 0;
  let cursor = true;
  // deno-lint-ignore no-control-regex -- control sequences are what a terminal reads
  for (const token of written.match(/\x1b\[\??\d*[A-Za-z]|[\s\S]/g) ?? []) {
    if (token === "\n") {
      row++;
      lines[row] ??= "";
    } else if (token === "\r") continue;
    else if (token === "\x1b[2K") lines[row] = "";
    else if (token === "\x1b[J") lines.splice(row, lines.length, "");
    else if (token === "\x1b[?25l") cursor = false;
    else if (token === "\x1b[?25h") cursor = true;
    else if (token.length > 1 && token.endsWith("A")) row -= Number(token.slice(2, -1));
    else lines[row] += token;
  }
  return { lines: lines.slice(0, row), cursor };
};

const onTerminal = () => {
  let written = "";
  const screen = make({ isLive: true, err: (text) => written += text });
  return { screen, shows: () => terminal(written) };
};

describe("a terminal", () => {
  it("keeps what was printed above the live lines, whatever comes in between", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const action = fc.oneof(
      fc.record({ print: word }),
      fc.record({ draw: fc.array(word, { maxLength: 4 }) }),
    );
    fc.assert(fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      const { screen, shows } = onTerminal();
      const printed: Array<string> = [];
      let live: ReadonlyArray<string> = [];
      for (const one of actions) {
        if ("print" in one) {
          screen.print(one.print);
          printed.push(one.print);
        } else {
          screen.draw(one.draw);
          live = one.draw;
        }
        expect(shows().lines).toEqual([...printed, ...live]);
        expect(shows().cursor).toBe(live.length === 0);
      }
      screen.close();
      expect(shows()).toEqual({ lines: printed, cursor: true });
    }));
  });
});

describe("a pipe", () => {
  it("gets plain lines and no control characters", () => {
    let written = "";
    const screen = make({ isLive: false, err: (text) => written += text });
    screen.draw(["live"]);
    screen.print("one");
    screen.close();
    expect(written).toBe("one\n");
  });
});
