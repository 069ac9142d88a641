/** One line of the table. Times in milliseconds. */
export interface Result {
  readonly name: string;
  readonly target: string;
  readonly measured: string;
  /** What was measured beside it, in the same run. */
  readonly floor: string;
  readonly ratio: string;
  readonly holds: boolean | undefined;
  /** Peak resident memory of the measuring process, bytes. */
  readonly peak?: number;
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const millis = (value: number): string => `${Math.round(value).toLocaleString("en-US")} ms`;

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");

/** The most memory this process ever held (VmHWM), or what it holds now where the system does not tell. */
export const peakMemory = (): number => {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return Deno.memoryUsage().rss;
};
