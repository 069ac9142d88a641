import { type Phase, phases } from "./phase.ts";

/** How a round stopped its programs. */
export type Stop = "SIGKILL" | "SIGTERM";

/** What a series of rounds has counted. */
export class Tally {
  readonly #stops = new Map<Phase, number>();
  readonly #whole: Tally | undefined;
  rounds = 0;
  /** Programs started, those that ended by themselves included. */
  programs = 0;
  /** Programs that ended by themselves and reported failures, as under faults they may. */
  failures = 0;
  /** Requests that went wrong on purpose. */
  faults = 0;
  /** Kills of a database server. */
  servers = 0;
  /** Longest time from SIGTERM to the end, milliseconds. */
  slowest = 0;

  /** @param whole what this is a part of: told of each stop at once, and of the rest by {@link Tally.add} */
  constructor(whole?: Tally) {
    this.#whole = whole;
  }

  stopped(phase: Phase): void {
    this.#stops.set(phase, this.of(phase) + 1);
    this.#whole?.stopped(phase);
  }

  of(phase: Phase): number {
    return this.#stops.get(phase) ?? 0;
  }

  get stops(): number {
    return phases.reduce((sum, phase) => sum + this.of(phase), 0);
  }

  /** Adds the counts of a part, but for its stops, of which it has told. */
  add(other: Tally): void {
    this.rounds += other.rounds;
    this.programs += other.programs;
    this.failures += other.failures;
    this.faults += other.faults;
    this.servers += other.servers;
    this.slowest = Math.max(this.slowest, other.slowest);
  }

  /** One line: `12 kills (start 3, copy 2, ...) of 20 programs in 4 rounds`. */
  inWords(): string {
    const where = phases.filter((phase) => this.of(phase) > 0).map((phase) => `${phase} ${this.of(phase)}`);
    const counted = (count: number, what: string) => count === 0 ? "" : `, ${count} ${what}`;
    return `${this.stops} stops (${where.join(", ")}) of ${this.programs} programs in ${this.rounds} rounds` +
      counted(this.faults, "faults") + counted(this.failures, "programs that reported failures") +
      counted(this.servers, "database servers killed");
  }
}

/** A table of series by phase, for people. */
export const tableOf = (series: ReadonlyArray<readonly [name: string, tally: Tally]>): string => {
  const head = ["", ...phases, "stops", "programs", "rounds", "faults"];
  const rows = series.map(([name, tally]) => [
    name,
    ...phases.map((phase) => String(tally.of(phase))),
    ...[tally.stops, tally.programs, tally.rounds, tally.faults].map(String),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  return [head, ...rows].map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))
      .join("  ")
  ).join("\n");
};
