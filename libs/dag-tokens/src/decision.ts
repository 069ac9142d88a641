import type { MarketTime, Source } from "@candlewick/core";
import type { DerivationRow } from "./datasets.ts";
import { isCurrent } from "./freshness.ts";
import type { Parameters } from "./parameters.ts";
import type { Dump, Stored } from "./store.ts";

/** The parameters that say which tokens are wanted. */
export type Wanted = Pick<Parameters, "exchange" | "cashExchange" | "expiry" | "force">;

/** When and where a run takes place. */
export interface Present {
  readonly now: number;
  readonly today: MarketTime.Day;
  readonly info: Pick<Source.SourceInfo, "dump" | "timeZone">;
}

/** Both dumps that tokens are derived from. */
export interface Dumps {
  readonly dump: Dump;
  readonly cashDump: Dump;
}

export const dumpsOf = ({ cashDump, dump }: Stored): Dumps | undefined =>
  dump === undefined || cashDump === undefined ? undefined : { dump, cashDump };

/** Whether both dumps are the latest that there are. */
export const areCurrent = ({ cashDump, dump }: Dumps, { info, now }: Present): boolean =>
  [dump, cashDump].every(({ fetchedAt }) => isCurrent(fetchedAt, now, info));

/** Whether the instrument master must be fetched before tokens can be derived. */
export const needsMaster = (wanted: Wanted, stored: Stored, present: Present): boolean => {
  const dumps = dumpsOf(stored);
  return wanted.force || dumps === undefined || !areCurrent(dumps, present);
};

/** Whether a derivation was made from these very dumps. */
export const isFrom = (derivation: DerivationRow | undefined, { cashDump, dump }: Dumps): boolean =>
  derivation?.dump_fetched_at === dump.fetchedAt && derivation.cash_dump_fetched_at === cashDump.fetchedAt;

/** Whether the stored tokens are the ones wanted: of these exchanges and this expiry, from the stored dumps. */
export const areStored = (
  { cashExchange, exchange, expiry }: Wanted,
  { derivation }: Stored,
  dumps: Dumps,
  { today }: Present,
): boolean =>
  derivation !== undefined &&
  isFrom(derivation, dumps) &&
  derivation.exchange === exchange &&
  derivation.cash_exchange === cashExchange &&
  // The current expiry is another one once it has passed, also when no new dump is there yet.
  (expiry === undefined ? derivation.is_current && derivation.expiry >= today : derivation.expiry === expiry);
