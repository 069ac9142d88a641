import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Server } from "./crash/database.ts";
import { type Kind, prepareRounds, type RunRound } from "./crash/kinds.ts";
import { runSeries, serverOfOwn } from "./crash/series.ts";
import type { Tally } from "./crash/tally.ts";

/*
 * Runs are stopped at drawn moments and started again until they end, and the store is held, after each stop and at
 * the end, to what an undisturbed run has stored. `nx run runner:soak` does the same for longer, and repeats a round
 * by the seed that a failure names.
 */

const SEED = "1";
/** Generous: the machine may be busy with other tests. */
const TIMEOUT = 1_200_000;

let server: Server;
let round: RunRound;
beforeAll(async () => {
  server = await serverOfOwn();
  round = await prepareRounds(server);
}, TIMEOUT);
afterAll(() => server.close());

const untilStops = async (kind: Kind, stops: number): Promise<Tally> => {
  const tally = await runSeries({
    seed: SEED,
    isEnough: (so) => so.stops >= stops,
    round: (seed, counting) => round(kind, seed, counting),
  });
  console.log(`${kind}: ${tally.inWords()}`);
  expect(tally.stops).toBeGreaterThanOrEqual(stops);
  return tally;
};

describe("historic", () => {
  it(
    "killed 60 times: nothing lost, nothing twice, nothing claimed that is not stored, nothing asked again",
    async () => {
      const tally = await untilStops("historic", 60);
      for (const phase of ["requests", "copy", "write", "commit"] as const) {
        expect(tally.of(phase), phase).toBeGreaterThan(0);
      }
    },
    TIMEOUT,
  );

  it("killed 50 times under faults: the same", async () => {
    const tally = await untilStops("historic-faults", 50);
    expect(tally.faults).toBeGreaterThan(0);
  }, TIMEOUT);

  it("told to end (SIGTERM) 20 times: within 5 s, with code 130, nothing lost", async () => {
    await untilStops("historic-term", 20);
  }, TIMEOUT);

  it("killed 8 times with the embedded database, and sometimes with its server: the same", async () => {
    await untilStops("embedded", 8);
  }, TIMEOUT);
});

describe("instruments", () => {
  it(
    "killed 20 times: the store is exactly as before the import or as after it, history included",
    async () => {
      const tally = await untilStops("instruments", 20);
      expect(tally.of("commit")).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it("killed 10 times under faults: the same", async () => {
    await untilStops("instruments-faults", 10);
  }, TIMEOUT);

  it("told to end (SIGTERM) 10 times: within 5 s, with code 130, nothing lost", async () => {
    await untilStops("instruments-term", 10);
  }, TIMEOUT);
});
