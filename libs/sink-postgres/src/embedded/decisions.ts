import type { Answer } from "./connection.ts";
import type { Hindrance } from "./server.ts";

/** Milliseconds after which a server that does not answer is none, whatever `postmaster.pid` says. */
export const SILENCE = 1_000;
/** Milliseconds to wait for the other users of a server that does not answer. */
export const FAREWELL = 15_000;

/** What is seen of the server: `unrecorded` when no `postmaster.pid` is there, else what answers at its port. */
export interface Sight {
  readonly answer: Answer | "unrecorded";
  /** Whether no other run uses the server. */
  readonly alone: boolean;
  /** Milliseconds since the first look. */
  readonly elapsed: number;
}

/**
 * What to do about it. Where others use a server that does not answer here, none is started: it may run in a
 * container that shares the folder but not the network, and two servers on the same data would ruin it.
 */
export const decide = ({ answer, alone, elapsed }: Sight): "use" | "wait" | "start" | "outOfReach" => {
  switch (answer) {
    case "ready":
      return "use";
    case "notYet":
      return "wait";
    case "unrecorded":
    case "wrongPassword":
      return "start";
    case "nobody":
      return alone ? "start" : elapsed < FAREWELL ? "wait" : "outOfReach";
  }
};

/** What to do after a start that failed. */
export const decideAfter = (
  { answer, elapsed }: Sight,
  hindrance: Hindrance | undefined,
): "fail" | "otherPort" | "wrongPassword" | "removePidFile" | "wait" => {
  switch (hindrance) {
    case undefined:
      return "fail";
    case "port":
      return "otherPort";
    case "memory":
      return "wait";
    case "pidFile":
      if (answer === "wrongPassword") return "wrongPassword";
      // The number of the killed server's process belongs to another process by now, or to a dead one that nobody
      // buries. Were it the server after all, its shared memory would keep a second one from starting.
      return elapsed < SILENCE ? "wait" : "removePidFile";
  }
};
