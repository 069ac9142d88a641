import { describe, expect, it } from "vitest";
import { explainOpen } from "./database/explain.ts";
import { faultOfText, fromThrown } from "./DatabaseError.ts";

describe("the fault of an error text", () => {
  for (
    const [text, fault] of [
      [`Catalog Error: Table with name x does not exist!`, "schema"],
      [`Binder Error: Referenced column "x" not found in FROM clause!`, "schema"],
      [`Dependency Error: Cannot alter entry "u" because there are entries that depend on it.`, "schema"],
      [`Constraint Error: Duplicate key "a: 1" violates unique constraint.`, "constraint"],
      [
        `TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation: duplicate key "1"`,
        "constraint",
      ],
      [`Constraint Error: NOT NULL constraint failed: n.a`, "constraint"],
      [`Conversion Error: Could not convert string 'x' to INT32`, "constraint"],
      [`TransactionContext Error: Conflict on update!`, "conflict"],
      [`INTERRUPT Error: Interrupted!`, "conflict"],
      [
        `Out of Memory Error: failed to allocate data of size 16.0 MiB (243.9 MiB/244.1 MiB used)`,
        "capacity",
      ],
      [`IO Error: Could not write file "/x": No space left on device`, "capacity"],
      [
        `FATAL Error: Failed: database has been invalidated because of a previous fatal error: No space left on device`,
        "capacity",
      ],
      [`FATAL Error: Failed: database has been invalidated because of a previous fatal error`, "connection"],
      [`IO Error: Cannot open file "/x": No such file or directory`, "connection"],
      [`something that nobody has thought of`, "connection"],
    ] as const
  ) {
    it(`${fault}: ${text}`, () => {
      expect(faultOfText(text)).toBe(fault);
    });
  }
});

describe("what a user reads", () => {
  it("is neither DuckDB's class of an error nor a picture of the statement", () => {
    const thrown = new Error(
      `Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "a"\n\nLINE 1: select nope\n               ^`,
    );
    expect(fromThrown(thrown).message).toBe(
      `Referenced column "nope" not found in FROM clause! Candidate bindings: "a"`,
    );
  });

  it("of a file that is locked is who has it, on every system", () => {
    const linux = fromThrown(
      new Error(
        `IO Error: Could not set lock on file "/d/m.duckdb": Conflicting lock is held in /usr/bin/python3.12 (PID 4711). See also https://duckdb.org/docs/stable/connect/concurrency`,
      ),
    );
    const { fault, message } = explainOpen("/d/m.duckdb", linux);
    expect(fault).toBe("conflict");
    expect(message).toContain("/d/m.duckdb is open in python3.12 (PID 4711)");
    const windows = fromThrown(
      new Error(
        `IO Error: Cannot open file "d:\\m.duckdb": The process cannot access the file because it is being used by another process.`,
      ),
    );
    expect(explainOpen("d:\\m.duckdb", windows)).toMatchObject({
      fault: "conflict",
      message: expect.stringContaining("is open in another program"),
    });
  });
});
