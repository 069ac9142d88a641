/** What every sink that speaks SQL needs, whatever its dialect: quoting, conditions, names, keys, transactions. */
export { type Errors, errorsBy, type Fault, type StoreFailure } from "./errors.ts";
export { misfits } from "./evolve.ts";
export { type Job, refusalsBy } from "./Job.ts";
export { jsonText } from "./json.ts";
export { namingBy, shownName } from "./names.ts";
export { compareText, comparison, inSlice } from "./order.ts";
export { identifier, identifiers, literal } from "./quote.ts";
export { columnFields, columnFieldsOf, datasetFields, datasetFieldsOf, REGISTRY } from "./registry.ts";
export { type AnyRow, describeKeyBy, repeatedRow } from "./rows.ts";
export { type Asked, columnsOf, orderOf, selectionFaultBy } from "./select.ts";
export { StoreSession } from "./StoreSession.ts";
export {
  commentSql,
  comparedOf,
  describeSql,
  differsSql,
  isNewSql,
  sameKeySql,
  viewQuery,
} from "./statements.ts";
export { joining } from "./transactions.ts";
export { type Comparisons, type Condition, conditionsSql, type Operator, whereFaultBy } from "./where.ts";
