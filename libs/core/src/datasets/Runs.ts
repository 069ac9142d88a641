import * as Dataset from "../Dataset.ts";

/** Each run of each DAG: when, with what, and how it ended. */
export const runs = Dataset.make({
  name: "candlewick_runs",
  description: "Runs of DAGs and how they ended",
  columns: {
    run_id: Dataset.text(),
    dag: Dataset.text(),
    source: Dataset.text(),
    started_at: Dataset.timestamp(),
    finished_at: Dataset.nullable(Dataset.timestamp()),
    outcome: Dataset.text("running, done, nothing, partial, failed, unauthorised, interrupted or killed"),
    headline: Dataset.text("one sentence"),
    counts: Dataset.json(),
  },
  key: ["run_id", "dag"],
  indexes: [{ columns: ["started_at"] }],
});

export type RunRow = Dataset.Row<typeof runs>;
