import { Dataset } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { copyLine, during, faultOfState, fromThrown, isBug } from "./DatabaseError.ts";
import { explain } from "./write/job.ts";

const server = (code: string, fields: Record<string, unknown> = {}) =>
  fromThrown(Object.assign(new Error("refused"), { code, ...fields }));

describe("classification", () => {
  it("follows SQLSTATE", () => {
    const faults = {
      connection: ["08006", "57P01", "57P03", "53300", "28P01", "3D000".replace("3D000", "25006")],
      conflict: ["40001", "40P01", "55P03", "57014", "XX000"],
      constraint: ["23505", "23502", "22003", "22P02", "54000"],
      schema: ["42P01", "42703", "42501", "3F000", "0A000", "2BP01"],
      capacity: ["53100", "53200", "58030"],
      damage: ["XX001", "XX002"],
    };
    for (const [fault, states] of Object.entries(faults)) {
      for (const state of states) expect(faultOfState(state), state).toBe(fault);
    }
  });

  it("takes errors of sockets and of postgres.js for lost connections", () => {
    for (const code of ["ECONNREFUSED", "ECONNRESET", "EPIPE", "CONNECTION_CLOSED", "CONNECT_TIMEOUT"]) {
      expect(server(code).fault, code).toBe("connection");
    }
    const both = new AggregateError([new Error("::1 refused"), new Error("127.0.0.1 refused")]);
    expect(fromThrown(both).message).toContain("::1 refused; 127.0.0.1 refused");
  });

  it("leaves mistakes of programs to be seen as such", () => {
    expect(isBug(new TypeError("x is not a function"))).toBe(true);
    expect(isBug(Object.assign(new TypeError("bad port"), { code: "ERR_SOCKET_BAD_PORT" }))).toBe(false);
    expect(isBug(new Error("read ECONNRESET"))).toBe(false);
  });

  it("names detail and column, and says what was being done", () => {
    const error = server("23502", { column_name: "price", detail: "Failing row contains (1, null)." });
    expect(during("upsert t")(error).message).toBe(
      'postgres: upsert t: refused (column "price"): Failing row contains (1, null)',
    );
  });

  it("reads the line of a COPY", () => {
    expect(copyLine(server("22P02", { where: 'COPY t, line 17, column at: "x"' }))).toBe(17);
    expect(copyLine(server("22P02", { where: "SQL function f" }))).toBeUndefined();
  });
});

describe("explain", () => {
  const dataset = Dataset.make({
    name: "t",
    columns: { id: Dataset.int64(), symbol: Dataset.text(), exchange: Dataset.text() },
    key: ["id"],
    indexes: [{ columns: ["symbol", "exchange"], unique: true }],
  });
  const job = { operation: "upsert t", dataset, slice: undefined };
  const rows = [{ id: 1, symbol: "A, B", exchange: "X" }, { id: 2, symbol: "A", exchange: "B, X" }];

  it("finds the row by its line, and by the values of a unique index", () => {
    const byLine = server("22P05", { where: "COPY candlewick_stage_1, line 2, column symbol" });
    expect(explain(job, byLine, { rows, distinct: true }).message).toContain("(id=2)");
    const byIndex = server("23505", {
      constraint_name: "t_symbol_exchange_key",
      detail: "Key (symbol, exchange)=(A, B, X) already exists.",
    });
    const explained = explain(job, byIndex, { rows, distinct: true });
    expect(explained.fault).toBe("constraint");
    expect(explained.message).toContain("(id=1)");
    expect(explained.message).toContain("t_symbol_exchange_key");
  });

  it("takes a key that is there for another run's when it cannot be the caller's own", () => {
    const taken = server("23505", { constraint_name: "t_pkey", detail: "Key (id)=(7) already exists." });
    expect(explain(job, taken, { rows, distinct: true })).toMatchObject({ fault: "conflict" });
    const maybe = explain(job, taken, { rows, distinct: false });
    expect(maybe.fault).toBe("constraint");
    expect(maybe.message).toContain("(id)=(7)");
  });
});
