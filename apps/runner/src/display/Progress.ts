import type { RunEvent } from "@candlewick/core";
import { count, duration, fit } from "./Format.ts";

/** One task at work, as events tell it. */
export interface TaskProgress {
  readonly dag: string;
  readonly task: string;
  readonly began: number;
  readonly unit: string;
  readonly done: number;
  readonly total?: number;
  readonly failed: number;
  readonly rejected: number;
  readonly current?: string;
}

/** Tasks at work, the latest last. */
export type Progress = ReadonlyArray<TaskProgress>;

const isOf = (event: { readonly dag: string; readonly task: string }) => (one: TaskProgress) =>
  one.dag === event.dag && one.task === event.task;

/** What is at work after an event at `now`, epoch ms. */
export const after = (progress: Progress, event: RunEvent.RunEvent, now: number): Progress => {
  switch (event._tag) {
    case "TaskStarted":
      return [...progress.filter((one) => !isOf(event)(one)), {
        dag: event.dag,
        task: event.task,
        began: now,
        unit: "",
        done: 0,
        failed: 0,
        rejected: 0,
      }];
    case "TaskFinished":
      return progress.filter((one) => !isOf(event)(one));
    case "Progress": {
      const { _tag, ...counts } = event;
      return progress.map((one) => isOf(event)(one) ? { began: one.began, ...counts } : one);
    }
    case "UnitFailed":
      return progress.map((one) => isOf(event)(one) ? { ...one, failed: one.failed + 1 } : one);
    case "Retrying":
    case "Warning":
      return progress;
  }
};

const BAR = 20;

const bar = (share: number): string => {
  const filled = Math.round(Math.min(1, share) * BAR);
  return `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`;
};

/** Units a second since the task began; unknown in the first second. */
const rateOf = (task: TaskProgress, now: number): number | undefined => {
  const elapsed = now - task.began;
  return elapsed < 1_000 || task.done === 0 ? undefined : task.done / elapsed * 1_000;
};

const rateText = (rate: number): string => rate >= 100 ? count(rate) : rate.toFixed(1);

/** Done of total, rate, time left, what is worked on, rejected and failed so far: as much as fits. */
export const render = (task: TaskProgress, now: number, width: number): string => {
  const rate = rateOf(task, now);
  const { total } = task;
  const left = rate === undefined || total === undefined ? undefined : (total - task.done) / rate * 1_000;
  const parts = [
    `${task.dag}: ${task.task}`,
    ...(total === undefined || total === 0 ? [] : [bar(task.done / total)]),
    task.unit === ""
      ? "..."
      : `${count(task.done)}${total === undefined ? "" : `/${count(total)}`} ${task.unit}`,
    ...(rate === undefined ? [] : [`${rateText(rate)}/s`]),
    ...(left === undefined || task.done === total ? [] : [`${duration(left)} left`]),
    ...(task.rejected > 0 ? [`${count(task.rejected)} rejected`] : []),
    ...(task.failed > 0 ? [`${count(task.failed)} failed`] : []),
    ...(task.current === undefined ? [] : [task.current]),
  ];
  return fit(parts.join("  "), width);
};

/** The task to show: the latest that counts something, else the latest. */
export const foremost = (progress: Progress): TaskProgress | undefined =>
  progress.findLast((one) => one.unit !== "") ?? progress[progress.length - 1];
