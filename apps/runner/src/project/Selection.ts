import { Result } from "effect";
import { nearest } from "../config/Suggest.ts";
import type { DagEntry } from "./DagCatalogue.ts";

export interface Selection {
  /** In the order in which they run. */
  readonly chosen: ReadonlyArray<DagEntry>;
  /** Left out of `all` because they are switched off; those that run by name only are not meant by it. */
  readonly disabled: ReadonlyArray<DagEntry>;
}

const exists = (dags: ReadonlyArray<DagEntry>): string =>
  dags.length === 0
    ? "there is none"
    : `there is ${dags.map(({ number, id }) => `${number} ${id}`).join(", ")}`;

const wordsOf = (text: string): ReadonlyArray<string> =>
  text.split(",").map((word) => word.trim()).filter((word) => word !== "");

const isCalled = ({ id, number }: DagEntry, word: string): boolean => id === word || String(number) === word;

/** Whether `--dag` names this DAG itself, not only by `all`. */
export const isNamed = (text: string, dag: DagEntry): boolean =>
  wordsOf(text).some((word) => isCalled(dag, word));

/**
 * The DAGs that `--dag` names: numbers and ids separated by commas, or `all`. A DAG that is switched off is
 * left out of `all`, and refused when it is named: whoever switched it off meant the command lines, too. `all`
 * takes those that run only by name when a configuration enables them.
 */
export const select = (
  text: string,
  dags: ReadonlyArray<DagEntry>,
): Result.Result<Selection, ReadonlyArray<string>> => {
  const words = wordsOf(text);
  if (words.length === 0) return Result.fail([`--dag names no DAG; ${exists(dags)}`]);
  const problems: Array<string> = [];
  const chosen = new Set<DagEntry>();
  const disabled = new Set<DagEntry>();
  for (const word of words) {
    if (word === "all") {
      for (const dag of dags) {
        if (dag.inAll) chosen.add(dag);
        else if (!dag.enabled) disabled.add(dag);
      }
      continue;
    }
    const dag = dags.find((one) => isCalled(one, word));
    if (dag === undefined) {
      const near = nearest(word, [...dags.map(({ id }) => id), "all"]);
      problems.push(
        `--dag=${text}: there is no DAG "${word}"; ` +
          (near === undefined ? exists(dags) : `did you mean "${near}"?`),
      );
    } else if (!dag.enabled) {
      problems.push(
        `--dag=${text}: "${dag.id}" is switched off by ${dag.disabledBy}; set it to true to run it`,
      );
    } else chosen.add(dag);
  }
  if (problems.length === 0 && chosen.size === 0) {
    problems.push(
      disabled.size === 0
        ? `--dag=${text}: ${dags.length === 0 ? "there is no DAG" : `name one; ${exists(dags)}`}`
        : `--dag=${text}: all DAGs are switched off (${[...disabled].map(({ id }) => id).join(", ")})`,
    );
  }
  const byNumber = (set: ReadonlySet<DagEntry>) => [...set].sort((a, b) => a.number - b.number);
  return problems.length > 0
    ? Result.fail(problems)
    : Result.succeed({ chosen: byNumber(chosen), disabled: byNumber(disabled) });
};
