import type { StoreId } from "./floor.ts";

/**
 * What a store's own client has to do at least for the same job: read the data into a temporary table, and merge that.
 * `prepare` makes an empty target, `merge` fills it from a CSV file.
 */
interface Scripts {
  readonly prepare: string;
  readonly merge: (csv: string) => string;
  /** Empties our own tables, where the floor's client works on the same store. */
  readonly truncate?: string;
}

/** Columns of an instrument dump in its own order, by the types of the store. */
const dumpColumns = (number: string, text: string) =>
  `instrument_token bigint, exchange_token ${text}, tradingsymbol ${text}, name ${text}, last_price ${number},
  expiry date, strike ${number}, tick_size ${number}, lot_size bigint, instrument_type ${text}, segment ${text},
  exchange ${text}`;

const compared = ["instrument_token", "exchange_token", "name", "expiry", "strike", "tick_size", "lot_size"]
  .concat("instrument_type", "exchange");

const of = (alias: string) => compared.map((column) => `${alias}.${column}`).join(", ");
const assigned = compared.map((column) => `${column} = s.${column}`).join(", ");

const masterOrder =
  `instrument_id, instrument_token, exchange, tradingsymbol, exchange_token, instrument_type, name,
  segment, expiry, strike, tick_size, lot_size, last_updated, created_at`;

const newMasterRow = `coalesce((select max(instrument_id) from floor_master), 0) + row_number() over (),
  s.instrument_token, s.exchange, s.tradingsymbol, s.exchange_token, s.instrument_type, s.name, s.segment, s.expiry,
  s.strike, s.tick_size, s.lot_size, now(), now()`;

/** The instrument dump into a table like the master. */
export const instrumentScripts: Readonly<Record<StoreId, Scripts>> = {
  postgres: {
    truncate: "truncate kite_instrument_master, kite_instrument_history, kite_instrument_dump;",
    prepare: `
drop table if exists floor_master;
create table floor_master (like kite_instrument_master including all);
`,
    merge: (csv) => `
create temporary table stage (${dumpColumns("numeric", "text")});
\\copy stage from '${csv}' with (format csv, header true)
begin;
update floor_master f set ${assigned}, last_updated = now()
from stage s
where s.segment = f.segment and s.tradingsymbol = f.tradingsymbol and f.delisted_at is null
  and (${of("s")}) is distinct from (${of("f")});
insert into floor_master (${masterOrder})
select ${newMasterRow}
from stage s
where not exists (
  select from floor_master f
  where f.segment = s.segment and f.tradingsymbol = s.tradingsymbol and f.delisted_at is null
);
commit;
`,
  },
  duckdb: {
    prepare: `
create or replace table floor_master (
  instrument_id bigint, instrument_token bigint, exchange varchar, tradingsymbol varchar, exchange_token varchar,
  instrument_type varchar, name varchar, segment varchar, expiry date, strike double, tick_size double, lot_size bigint,
  last_updated timestamptz, created_at timestamptz, delisted_at timestamptz
);
`,
    merge: (csv) => `
create or replace temp table stage (${dumpColumns("double", "varchar")});
copy stage from '${csv}' (header true);
begin;
merge into floor_master f using stage s
  on s.segment = f.segment and s.tradingsymbol = f.tradingsymbol and f.delisted_at is null
when matched and row(${of("s")}) is distinct from row(${of("f")})
  then update set ${assigned}, last_updated = now();
insert into floor_master (${masterOrder})
select ${newMasterRow}
from stage s anti join (select segment, tradingsymbol from floor_master where delisted_at is null) f
  on f.segment = s.segment and f.tradingsymbol = s.tradingsymbol;
commit;
`,
  },
};

const candleColumns =
  `instrument_id bigint, "interval" varchar, ts timestamptz, open double, high double, low double,
  close double, volume bigint, oi bigint, is_final boolean, fetched_at timestamptz`;

/** Candles into an empty table like that of candles. */
export const candleScripts: Readonly<Record<StoreId, Scripts>> = {
  postgres: {
    prepare: `
drop table if exists floor_candles;
create table floor_candles (like kite_ohlcv_historic including all);
`,
    merge: (csv) => `
create temporary table stage (like kite_ohlcv_historic);
\\copy stage from '${csv}' with (format csv)
insert into floor_candles select * from stage s where not exists (
  select from floor_candles f
  where f.instrument_id = s.instrument_id and f."interval" = s."interval" and f.ts = s.ts
);
`,
  },
  duckdb: {
    prepare: `create or replace table floor_candles (${candleColumns});`,
    merge: (csv) => `
create or replace temp table stage (${candleColumns});
copy stage from '${csv}' (header false);
merge into floor_candles f using stage s
  on f.instrument_id = s.instrument_id and f."interval" = s."interval" and f.ts = s.ts
when not matched then insert;
`,
  },
};
