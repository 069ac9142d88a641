import type { TokenRow, TokenType } from "./datasets.ts";

type Checked = Pick<
  TokenRow,
  | "instrument_id"
  | "token"
  | "exchange"
  | "tradingsymbol"
  | "token_type"
  | "expiry"
  | "equity_id"
  | "futures_id"
>;

const nameOf = ({ exchange, token_type: type, tradingsymbol }: Checked): string =>
  `${type} ${exchange}:${tradingsymbol}`;

/**
 * What is wrong in a token table, a sentence each; nothing when it is whole. Checked both ways: every future has its
 * equity in the table, and every equity a future there that has it; every option has both, and they belong together;
 * no listing and no token of an exchange is there twice; futures and options are of one expiry.
 */
export const violations = (rows: ReadonlyArray<Checked>): ReadonlyArray<string> => {
  const found: Array<string> = [];
  const byId = new Map<number, Checked>();
  const byToken = new Map<string, Checked>();
  for (const row of rows) {
    const twin = byId.get(row.instrument_id);
    if (twin === undefined) byId.set(row.instrument_id, row);
    else found.push(`${nameOf(row)} and ${nameOf(twin)} are one listing, ${row.instrument_id}`);
    const token = `${row.exchange} ${row.token}`;
    const sharing = byToken.get(token);
    if (sharing === undefined) byToken.set(token, row);
    else if (twin === undefined) {
      found.push(`${nameOf(row)} and ${nameOf(sharing)} share the token ${row.token}`);
    }
  }

  const partner = (id: number | null, type: TokenType): Checked | undefined => {
    const row = id === null ? undefined : byId.get(id);
    return row?.token_type === type ? row : undefined;
  };
  const lacks = (row: Checked, what: string) => found.push(`${nameOf(row)} has no ${what} in the table`);
  for (const row of rows) {
    switch (row.token_type) {
      case "FUTURES":
        if (partner(row.equity_id, "EQUITY") === undefined) lacks(row, "equity");
        break;
      case "EQUITY": {
        const future = partner(row.futures_id, "FUTURES");
        if (future === undefined) lacks(row, "future");
        else if (future.equity_id !== row.instrument_id) {
          found.push(`${nameOf(row)} names ${nameOf(future)}, which is of another equity`);
        }
        break;
      }
      case "OPTIONS": {
        const equity = partner(row.equity_id, "EQUITY");
        const future = partner(row.futures_id, "FUTURES");
        if (equity === undefined) lacks(row, "equity");
        if (future === undefined) lacks(row, "future");
        else if (future.equity_id !== row.equity_id) {
          found.push(`${nameOf(row)} names ${nameOf(future)}, which is of another equity`);
        }
        break;
      }
      default:
        found.push(`${nameOf(row)} is of no known type`);
    }
  }

  const contracts = rows.filter(({ token_type: type }) => type !== "EQUITY");
  const [first] = contracts;
  for (const row of contracts) {
    if (row.expiry === null || row.expiry !== first!.expiry) {
      found.push(`${nameOf(row)} expires on ${row.expiry}, ${nameOf(first!)} on ${first!.expiry}`);
    }
  }
  return found;
};
