/** Names that differ only so are the same word: `batch_size`, `batch-size`, `batchSize`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export const distance = (left: string, right: string): number => {
  const rows: Array<Array<number>> = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const above = rows[row - 1]!;
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
      if (
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      ) {
        best = Math.min(best, rows[row - 2]![column - 2]! + 1);
      }
      current.push(best);
    }
    rows.push(current);
  }
  return rows[left.length]![right.length]!;
};

/** The known name that was probably meant: at most a third of its letters differ, or it begins alike. */
export const nearest = (given: string, known: ReadonlyArray<string>): string | undefined => {
  const word = plain(given);
  const near = known
    .map((name) => ({ name, away: distance(word, plain(name)) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(plain(name).length / 3)))
    .sort((a, b) => a.away - b.away)[0];
  if (near !== undefined) return near.name;
  return word.length < 3 ? undefined : known.find((name) => plain(name).startsWith(word));
};

/** `; did you mean "x"?`, or nothing. */
export const didYouMean = (given: string, known: ReadonlyArray<string>): string => {
  const name = nearest(given, known);
  return name === undefined ? "" : `; did you mean "${name}"?`;
};
