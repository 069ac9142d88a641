import type { Columns, View } from "../../Dataset.ts";
import type { Table } from "./table.ts";
import type { Transaction } from "./transactions.ts";
import { keyText, type StoredRow } from "./values.ts";

/** All columns of the view's base as stored, then those it adds; added ones may be null. */
export const viewColumns = (view: View, base: Table, joined: Table): Columns => ({
  ...base.columns,
  ...Object.fromEntries(view.adds.map((name) => [name, { ...joined.columns[name]!, nullable: true }])),
});

/** The view's rows as the transaction sees them: base rows without a partner have nulls. */
export function* viewRows(
  view: View,
  base: Table,
  joined: Table,
  transaction: Transaction,
): Iterable<StoredRow> {
  const baseKey = view.on.map(([name]) => name);
  const joinedKey = view.on.map(([, name]) => name);
  const partners = new Map<string, Array<StoredRow>>();
  for (const [, row] of transaction.rows(joined)) {
    if (joinedKey.some((name) => row[name] === null)) continue;
    const key = keyText(joined.columns, joinedKey, row);
    const known = partners.get(key);
    if (known === undefined) partners.set(key, [row]);
    else known.push(row);
  }
  const blank = Object.fromEntries(view.adds.map((name) => [name, null]));
  for (const [, row] of transaction.rows(base)) {
    const found = baseKey.some((name) => row[name] === null)
      ? undefined
      : partners.get(keyText(base.columns, baseKey, row));
    if (found === undefined) yield { ...row, ...blank };
    for (const partner of found ?? []) {
      yield { ...row, ...Object.fromEntries(view.adds.map((name) => [name, partner[name]])) };
    }
  }
}
