import { backends, type Database } from "./database.ts";
import type { Draw } from "./draw.ts";
import { close, type Gate, isThere } from "./gate.ts";
import type { Sandbox } from "./parts.ts";
import type { Program } from "./program.ts";

/** When a program is to be stopped. */
export type Moment =
  /** So long after its start. */
  | { readonly at: "time"; readonly millis: number }
  /** So long after its n-th request reached the sandbox. */
  | { readonly at: "request"; readonly count: number; readonly millis: number }
  /** Held at a gate, which is closed after its n-th request; the gate opens so long after the program's end. */
  | { readonly at: "gate"; readonly gate: Gate; readonly count: number; readonly linger: number };

export const inWords = (moment: Moment): string => {
  switch (moment.at) {
    case "time":
      return `${moment.millis} ms after its start`;
    case "request":
      return `${moment.millis} ms after request ${moment.count}`;
    case "gate": {
      const gate = moment.gate.kind === "table" ? `table ${moment.gate.table}` : moment.gate.kind;
      return `held at ${gate} after request ${moment.count}`;
    }
  }
};

/** What moments are drawn from. */
export interface Range {
  /** Milliseconds of an undisturbed run. */
  readonly length: number;
  /** Its requests of the kind that counts. */
  readonly requests: number;
  readonly gates: ReadonlyArray<Gate>;
}

/** After a request, its answer's way into the store takes about so long. */
const AFTER_REQUEST = 250;

/**
 * Moments for ever: a gate first, which a first program always comes to, whatever the machine is doing; then kinds
 * in shuffled packs, so that none goes missing in a short series.
 */
export function* momentsOf(draw: Draw, { gates, length, requests }: Range): Generator<Moment, never> {
  const time = (): Moment => ({ at: "time", millis: draw.whole(0, Math.round(length)) });
  // Most early on, so that a round has many restarts.
  const count = () => draw.whole(1, Math.max(1, Math.ceil(requests / draw.pick([1, 2, 4]))));
  const request = (): Moment => ({ at: "request", count: count(), millis: draw.whole(0, AFTER_REQUEST) });
  const gated = (gate: Gate) => (): Moment => ({
    at: "gate",
    gate,
    count: gate.kind === "definition" ? 0 : draw.whole(0, Math.max(0, Math.ceil(requests / 3) - 1)),
    linger: draw.chance(0.3) ? draw.whole(0, 1_000) : 0,
  });
  const pack = [time, time, time, request, request, request, ...gates.map(gated)];
  if (gates.length > 0) yield gated(draw.pick(gates))();
  for (;;) for (const deal of draw.shuffle(pack)) yield deal();
}

/** A program that is neither at the moment nor at its end after this has gone wrong. Milliseconds. */
const PATIENCE = 180_000;
const POLL = 4;

export interface Reached {
  /** False when the program ended before. */
  readonly alive: boolean;
  /** Lets go of what held the program; call it when it is dead. */
  readonly release: () => Promise<void>;
}

const nothing = async () => {};

/** Waits for the moment, or for the program's end. */
export const reach = async (
  moment: Moment,
  at: {
    readonly program: Program;
    readonly sandbox: Sandbox;
    readonly database: Database | undefined;
    /** Which requests count. */
    readonly route: string;
    /** The last request before the program was started. */
    readonly since: number;
    /** When it was started, by the clock of the database. */
    readonly began: string;
  },
): Promise<Reached> => {
  const { program } = at;
  const deadline = performance.now() + PATIENCE;
  const until = async (condition: () => boolean | Promise<boolean>): Promise<boolean> => {
    while (!program.isOver()) {
      if (await condition()) return !program.isOver();
      if (performance.now() > deadline) throw new Error(`neither ended nor ${inWords(moment)}`);
      await pause(POLL);
    }
    return false;
  };
  const requested = (count: number) => () => {
    let seen = 0;
    const log = at.sandbox.log();
    for (let i = log.length - 1; i >= 0 && log[i]!.ordinal > at.since; i--) {
      if (log[i]!.route === at.route) seen++;
    }
    return seen >= count;
  };
  const waited = (millis: number) => {
    const end = performance.now() + millis;
    return until(() => performance.now() >= end);
  };

  if (moment.at === "time") return { alive: await waited(moment.millis), release: nothing };
  if (!await until(requested(moment.count))) return { alive: false, release: nothing };
  if (moment.at === "request") return { alive: await waited(moment.millis), release: nothing };
  if (at.database === undefined) throw new Error("gates need a database of the harness");
  const { database } = at;
  if (!await until(() => isThere(database, moment.gate))) return { alive: false, release: nothing };
  const open = await close(database, moment.gate);
  const alive = await until(async () =>
    (await backends(database, at.began)).some(({ isWaiting }) => isWaiting)
  );
  return { alive, release: open };
};

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
