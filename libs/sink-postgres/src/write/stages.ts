import type { Dataset } from "@candlewick/core";
import type { Connection } from "../connection/Connection.ts";
import type { Session } from "../connection/Session.ts";
import { columnSql } from "../sql/table.ts";

/** A temporary table where given rows wait to be merged; a connection keeps it, emptied by each commit. */
interface Stage {
  readonly table: string;
  /** The columns it has. */
  readonly shape: string;
  /** Held by a call that is not over. */
  held: boolean;
  /** Has rows of an earlier call of this transaction. */
  full: boolean;
  /** Vanishes when the transaction that made it is rolled back. */
  lasting: boolean;
}

export interface Lease {
  readonly table: string;
  /** What must be run before rows go in. */
  readonly setup: string | undefined;
  readonly release: () => void;
}

class Stages {
  #stages: Array<Stage> = [];
  #made = 0;
  #session: Session | undefined;

  take(session: Session, dataset: Dataset.Dataset): Lease {
    this.#attend(session);
    const columns = Object.entries(dataset.columns).map(([name, column]) => columnSql(name, column)).join(
      ", ",
    );
    const found = this.#stages.find((stage) => stage.shape === columns && !stage.held);
    const stage = found ?? {
      table: `pg_temp.candlewick_stage_${++this.#made}`,
      shape: columns,
      held: false,
      full: false,
      lasting: false,
    };
    if (found === undefined) this.#stages.push(stage);
    const setup = found === undefined
      ? `create temporary table ${stage.table} (${columns}) on commit delete rows`
      : stage.full
      ? `truncate ${stage.table}`
      : undefined;
    stage.held = true;
    stage.full = true;
    return {
      table: stage.table,
      setup,
      release: () => {
        stage.held = false;
      },
    };
  }

  #attend(session: Session): void {
    if (this.#session === session) return;
    this.#session = session;
    session.whenEnded((committed) => {
      this.#session = undefined;
      this.#stages = this.#stages.filter((stage) => committed || stage.lasting);
      for (const stage of this.#stages) Object.assign(stage, { held: false, full: false, lasting: true });
    });
  }
}

const byConnection = new WeakMap<Connection, Stages>();

/** A stage for rows of the dataset in this transaction. */
export const takeStage = (connection: Connection, session: Session, dataset: Dataset.Dataset): Lease => {
  let stages = byConnection.get(connection);
  if (stages === undefined) {
    stages = new Stages();
    byConnection.set(connection, stages);
  }
  return stages.take(session, dataset);
};
