import { instrumentMaster } from "@candlewick/core";
import { Effect } from "effect";
import { join } from "node:path";
import { kite } from "../e2e/recordings.ts";
import { openSink, openSource, runDag, sandboxProcess } from "../e2e/workspace.ts";
import { connect, type Psql, urlIn } from "./psql.ts";
import { median, millis, peakMemory, type Result } from "./result.ts";

const ROUNDS = 7;
const DATE = "2019-10-25";
const ROWS = 64_363;

/** The floor's target: a table like the master, filled from the dump's own columns. */
const prepareFloor = `
drop table if exists floor_master;
create table floor_master (like kite_instrument_master including all);
`;

/** psql copies the dump into a temporary table and merges it: the least that any client has to do. */
const floorScript = (csv: string): string => `
create temporary table stage (
  instrument_token bigint, exchange_token text, tradingsymbol text, name text, last_price numeric, expiry date,
  strike numeric, tick_size numeric, lot_size bigint, instrument_type text, segment text, exchange text
);
\\copy stage from '${csv}' with (format csv, header true)
begin;
update floor_master f set
  instrument_token = s.instrument_token, exchange_token = s.exchange_token, name = s.name, expiry = s.expiry,
  strike = s.strike, tick_size = s.tick_size, lot_size = s.lot_size, instrument_type = s.instrument_type,
  exchange = s.exchange, last_updated = now()
from stage s
where s.segment = f.segment and s.tradingsymbol = f.tradingsymbol and f.delisted_at is null
  and (s.instrument_token, s.exchange_token, s.name, s.expiry, s.strike, s.tick_size, s.lot_size,
       s.instrument_type, s.exchange)
      is distinct from
      (f.instrument_token, f.exchange_token, f.name, f.expiry, f.strike, f.tick_size, f.lot_size,
       f.instrument_type, f.exchange);
insert into floor_master (instrument_id, instrument_token, exchange, tradingsymbol, exchange_token,
  instrument_type, name, segment, expiry, strike, tick_size, lot_size, last_updated, created_at)
select coalesce((select max(instrument_id) from floor_master), 0) + row_number() over (), s.instrument_token,
  s.exchange, s.tradingsymbol, s.exchange_token, s.instrument_type, s.name, s.segment, s.expiry, s.strike,
  s.tick_size, s.lot_size, now(), now()
from stage s
where not exists (
  select from floor_master f
  where f.segment = s.segment and f.tradingsymbol = s.tradingsymbol and f.delisted_at is null
);
commit;
`;

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const began = performance.now();
    yield* effect;
    return performance.now() - began;
  });

/** Loads the dump once and tells the memory that took: a store that holds it already is loaded over. */
export const loadOnce = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink("postgres", directory);
    const settings = yield* sandboxProcess("kite-sandbox", ["--replay", kite, "--date", DATE, "--no-limits"]);
    yield* runDag("instruments", {}, { source: yield* openSource("kite", settings, "none"), sink });
    return peakMemory();
  }));

/** Loads the dump again and again, into empty tables or over itself, in turn with the floor. */
export const instruments = (which: "first" | "unchanged", directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink("postgres", directory);
    const settings = yield* sandboxProcess("kite-sandbox", ["--replay", kite, "--date", DATE, "--no-limits"]);
    const source = yield* openSource("kite", settings, "none");
    const load = runDag("instruments", {}, { source, sink });
    yield* load;
    const psql = yield* connect(urlIn(sink.location));
    const csv = join(kite, "instruments", `${DATE}.csv`);
    if (psql !== undefined) {
      yield* psql.run(prepareFloor);
      yield* psql.run(floorScript(csv));
    }
    const empty = (client: Psql) =>
      client.run(
        `truncate ${instrumentMaster(source.info).name}, kite_instrument_history, kite_instrument_dump;
        truncate floor_master;`,
      );

    const ours: Array<number> = [];
    const floor: Array<number> = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (psql !== undefined && which === "first") yield* empty(psql);
      ours.push(yield* timed(load));
      if (psql !== undefined) floor.push(yield* psql.time(floorScript(csv)));
    }
    const ratio = floor.length === 0 ? undefined : median(ours.map((one, round) => one / floor[round]!));
    return {
      name: which === "first"
        ? `instruments, ${ROWS} rows, first load`
        : "the same dump again, nothing changed",
      target: "at most 1.5 x psql",
      measured: millis(median(ours)),
      floor: floor.length === 0 ? "psql not found" : `psql ${millis(median(floor))}`,
      ratio: ratio === undefined ? "-" : `${ratio.toFixed(2)} x`,
      holds: ratio === undefined ? undefined : ratio <= 1.5,
    } satisfies Result;
  }));
