import { Text } from "@candlewick/core";
import { clip, duration, rate, timeLeft } from "./Format.ts";
import { type ProgressState, rateOf, type TaskProgress, timeLeftOf } from "./ProgressState.ts";
import type { Paint } from "./Style.ts";

/** Cells of the bar by the terminal's width; narrow ones get none. */
const barFor = (width: number): number => width < 80 ? 0 : width < 120 ? 10 : 20;
/** More running tasks than this are not shown one by one. */
const MAX_LINES = 6;

/** How far a task is, as a share; 1 only when all is done. */
const share = (task: TaskProgress): number | undefined =>
  task.total === undefined || task.total === 0 ? undefined : Math.min(1, task.done / task.total);

const bar = (part: number, cells: number, paint: Paint): string => {
  const filled = Math.floor(part * cells);
  return paint("cyan", "━".repeat(filled)) + paint("dim", "─".repeat(cells - filled));
};

const countOf = (task: TaskProgress): string =>
  task.total === undefined
    ? Text.number(task.done)
    : `${Text.number(task.done)} of ${Text.number(task.total)}`;

/** The facts of a task in order of weight; a narrow terminal loses the last ones first. */
const facts = (task: TaskProgress, failed: number, now: number): ReadonlyArray<string> => {
  if (task.unit === undefined) return [duration(now - task.startedAt)];
  const left = timeLeftOf(task, now);
  const pace = rateOf(task, now);
  return [
    `${countOf(task)} ${task.unit}`,
    ...(left === undefined ? [] : [`${timeLeft(left)} left`]),
    ...(pace === undefined ? [] : [rate(pace)]),
    ...(failed === 0 ? [] : [`${Text.number(failed)} failed`]),
    ...(task.rejected === 0 ? [] : [`${Text.number(task.rejected)} rejected`]),
    ...(task.current === undefined ? [] : [task.current]),
    ...(task.rejected === 0 ? ["0 rejected"] : []),
  ];
};

/** As many of the facts as fit, joined. The first stays, clipped, however narrow it is. */
const fitting = (parts: ReadonlyArray<string>, width: number): string => {
  const [first = "", ...rest] = parts;
  let line = clip(first, width);
  for (const part of rest) {
    if (line.length + part.length + 3 > width) break;
    line += ` · ${part}`;
  }
  return line;
};

/** What a terminal of `width` columns shows of the running tasks; redrawn in place. */
export const liveLines = (
  state: ProgressState,
  now: number,
  width: number,
  paint: Paint,
): ReadonlyArray<string> => {
  const paused = pauseLine(state, now).map((line) => paint("yellow", clip(line, width)));
  const shown = state.tasks.slice(0, MAX_LINES);
  const cells = barFor(width);
  const lines = shown.map((task) => {
    const name = `${task.dag}: ${task.task}`;
    const part = cells === 0 ? undefined : share(task);
    const used = name.length + 2 + (part === undefined ? 0 : cells + 6);
    if (used >= width) return clip(`${name}  ${facts(task, 0, now)[0]}`, width);
    const parts = fitting(facts(task, state.failed[task.dag] ?? 0, now), width - used - 1);
    const drawn = part === undefined ? "" : `${bar(part, cells, paint)} ${percent(part).padStart(4)} `;
    return `${paint("bold", task.dag)}: ${task.task}  ${drawn}${parts}`;
  });
  const more = state.tasks.length - shown.length;
  const rest = more > 0 ? [clip(`and ${Text.number(more)} more tasks`, width)] : [];
  return [...lines, ...rest, ...paused];
};

/** That nothing moves, and for how long at most. */
const pauseLine = ({ pausedUntil }: ProgressState, now: number): ReadonlyArray<string> =>
  pausedUntil === undefined ? [] : [`paused: waiting for a new login, ${timeLeft(pausedUntil - now)} left`];

const percent = (part: number): string => `${part === 1 ? 100 : Math.min(99, Math.floor(part * 100))}%`;

/** The same for a pipe: a plain line for each running task that has told progress. */
export const plainLines = (state: ProgressState, now: number): ReadonlyArray<string> => {
  if (state.pausedUntil !== undefined) return pauseLine(state, now);
  return state.tasks.filter((task) => task.unit !== undefined).map((task) => {
    const part = share(task);
    return `${task.dag}: ${task.task}: ` + [
      ...facts(task, state.failed[task.dag] ?? 0, now).slice(0, 1).map((count) =>
        part === undefined ? count : `${count} (${percent(part)})`
      ),
      ...facts(task, state.failed[task.dag] ?? 0, now).slice(1),
      `${duration(now - task.startedAt)} so far`,
    ].join(", ");
  });
};
