import type { RunEvent } from "@candlewick/core";

/** How much was done at a time; the rate is taken over a window of these. */
interface Sample {
  readonly time: number;
  readonly done: number;
}

/** A task that is running. Times are epoch milliseconds. */
export interface TaskProgress {
  readonly dag: string;
  readonly task: string;
  readonly startedAt: number;
  /** What is counted, in the plural; absent while the task has told no progress. */
  readonly unit?: string;
  /** Units finished, failed ones included. */
  readonly done: number;
  readonly total?: number;
  readonly rejected: number;
  readonly current?: string;
  readonly samples: ReadonlyArray<Sample>;
}

export interface ProgressState {
  /** Running tasks, in the order in which they began. */
  readonly tasks: ReadonlyArray<TaskProgress>;
  /** Units that failed, by DAG. */
  readonly failed: Readonly<Record<string, number>>;
  /** Until when all requests wait at most, while they do. */
  readonly pausedUntil?: number;
}

export const initial: ProgressState = { tasks: [], failed: {} };

/** The rate is that of the last half minute, so that it follows the vendor's pace. */
const WINDOW = 30_000;
/** Closer samples are left out; the last one is always kept. */
const SPACING = 500;

const withSample = (samples: ReadonlyArray<Sample>, sample: Sample): ReadonlyArray<Sample> => {
  const recent = samples.filter(({ time }) => sample.time - time <= WINDOW);
  const previous = recent.at(-1);
  if (previous !== undefined && recent.length > 1 && sample.time - previous.time < SPACING) return recent;
  return [...recent, sample];
};

/** The state after an event at time `now`. */
export const apply = (state: ProgressState, event: RunEvent.RunEvent, now: number): ProgressState => {
  switch (event._tag) {
    case "TaskStarted":
      return {
        ...state,
        tasks: [...state.tasks, {
          dag: event.dag,
          task: event.task,
          startedAt: now,
          done: 0,
          rejected: 0,
          samples: [],
        }],
      };
    case "TaskFinished":
      return {
        ...state,
        tasks: state.tasks.filter(({ dag, task }) => dag !== event.dag || task !== event.task),
      };
    case "Progress": {
      const done = event.done + event.failed;
      return {
        ...state,
        tasks: state.tasks.map((task): TaskProgress =>
          task.dag !== event.dag || task.task !== event.task ? task : {
            dag: task.dag,
            task: task.task,
            startedAt: task.startedAt,
            unit: event.unit,
            done,
            ...(event.total === undefined ? {} : { total: event.total }),
            rejected: event.rejected,
            ...(event.current === undefined
              ? task.current === undefined ? {} : { current: task.current }
              : { current: event.current }),
            samples: withSample(task.samples, { time: now, done }),
          }
        ),
      };
    }
    case "UnitFailed":
      return { ...state, failed: { ...state.failed, [event.dag]: (state.failed[event.dag] ?? 0) + 1 } };
    case "Paused":
      return { ...state, pausedUntil: event.until };
    case "Resumed": {
      const { pausedUntil: _, ...going } = state;
      return going;
    }
    case "Retrying":
    case "Warning":
      return state;
  }
};

/** Units per second of late; `undefined` until there is enough to tell. */
export const rateOf = (task: TaskProgress, now: number): number | undefined => {
  const first = task.samples.find(({ time }) => now - time <= WINDOW) ?? task.samples.at(-1);
  if (first === undefined || now - first.time < 1_000 || task.done <= first.done) return undefined;
  return (task.done - first.done) * 1_000 / (now - first.time);
};

/** Milliseconds until all is done at the present rate. */
export const timeLeftOf = (task: TaskProgress, now: number): number | undefined => {
  const rate = rateOf(task, now);
  if (rate === undefined || task.total === undefined) return undefined;
  return Math.max(0, task.total - task.done) * 1_000 / rate;
};
