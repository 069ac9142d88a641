import { Effect } from "effect";
import { join } from "node:path";
import { workspace } from "../e2e/workspace.ts";
import { median, millis, type Result } from "./result.ts";

const ROUNDS = 9;

const timed = (program: string, args: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const began = performance.now();
    await new Deno.Command(program, { args: [...args], cwd: workspace, stdout: "null", stderr: "null" })
      .output();
    return performance.now() - began;
  });

/** `--list` from a cold process, beside what starting Node and then Deno takes alone. */
export const start = Effect.gen(function* () {
  const ours: Array<number> = [];
  const floor: Array<number> = [];
  const empty = "Deno.exit(0)";
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(yield* timed("node", [join(workspace, "apps/runner/bin/candlewick.mjs"), "--list"]));
    floor.push((yield* timed("node", ["-e", ""])) + (yield* timed(Deno.execPath(), ["eval", empty])));
  }
  const elapsed = median(ours);
  return {
    name: "--list, cold",
    target: "at most 500 ms",
    measured: millis(elapsed),
    floor: `empty Node + Deno ${millis(median(floor))}`,
    ratio: `${median(ours.map((one, round) => one / floor[round]!)).toFixed(2)} x`,
    holds: elapsed <= 500,
  } satisfies Result;
});
