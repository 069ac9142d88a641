import type { Server } from "./database.ts";
import * as Embedded from "./embedded.ts";
import * as Historic from "./historic.ts";
import * as Instruments from "./instruments.ts";
import type { Counting } from "./series.ts";

/** What rounds can be about, by name. */
export const kinds = {
  "historic": "historic, killed",
  "historic-faults": "historic under faults, killed",
  "historic-term": "historic, told to end (SIGTERM)",
  "instruments": "instruments, killed",
  "instruments-faults": "instruments under faults, killed",
  "instruments-term": "instruments, told to end (SIGTERM)",
  "embedded": "historic with the embedded database, both killed",
} as const;

export type Kind = keyof typeof kinds;

export const allKinds = Object.keys(kinds) as ReadonlyArray<Kind>;

export const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);

/** Runs one round and counts; fails with what was wrong, and the seed. */
export type RunRound = (kind: Kind, seed: string, counting: Counting) => Promise<void>;

/** Lets undisturbed runs establish what all rounds are held to. */
export const prepareRounds = async (server: Server): Promise<RunRound> => {
  const historic = await Historic.prepare(server);
  const instruments = await Instruments.prepare(server);
  const carried = await Embedded.carry(server, historic);
  return (kind, seed, counting) => {
    const options = {
      seed: `${kind}/${seed}`,
      stop: kind.endsWith("-term") ? "SIGTERM" as const : "SIGKILL" as const,
      faults: kind.endsWith("-faults"),
    };
    if (kind === "embedded") return Embedded.embeddedRound(historic, carried, options.seed, counting);
    return kind.startsWith("historic")
      ? Historic.historicRound(server, historic, options, counting)
      : Instruments.instrumentsRound(server, instruments, options, counting);
  };
};
