import type { Output } from "./Output.ts";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_LINE = "\x1b[2K";
const up = (lines: number) => lines === 0 ? "" : `\x1b[${lines}A`;

/** A terminal whose last lines are redrawn in place while others scroll by above them. */
export interface Screen {
  /** Prints lines for good, above the live ones. */
  readonly print: (text: string) => void;
  /** Replaces the live lines. Each must fit the terminal's width. */
  readonly draw: (lines: ReadonlyArray<string>) => void;
  /** Removes the live lines and gives the cursor back. */
  readonly close: () => void;
}

export const make = (output: Pick<Output, "err" | "isLive">): Screen => {
  if (!output.isLive) return { print: (text) => output.err(`${text}\n`), draw: () => {}, close: () => {} };
  let live: ReadonlyArray<string> = [];

  const erase = () => live.length === 0 ? "" : `\r${up(live.length)}\x1b[J`;
  const lines = (shown: ReadonlyArray<string>) => shown.map((line) => `\r${CLEAR_LINE}${line}\n`).join("");

  return {
    print: (text) => output.err(`${erase()}${text}\n${lines(live)}`),
    draw: (next) => {
      if (next.length === 0 && live.length === 0) return;
      const hide = live.length === 0 ? HIDE_CURSOR : "";
      // Same height: overwrite line by line, which does not flicker.
      const shown = next.length === live.length ? up(live.length) + lines(next) : erase() + lines(next);
      output.err(hide + shown + (next.length === 0 ? SHOW_CURSOR : ""));
      live = next;
    },
    close: () => {
      if (live.length > 0) output.err(erase() + SHOW_CURSOR);
      live = [];
    },
  };
};
