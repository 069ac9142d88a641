import { Result } from "effect";
import { describe, expect, it } from "vitest";
import { readFlags } from "./Options.ts";

const flagsOf = (args: ReadonlyArray<string>) =>
  Result.map(readFlags(args), ({ common: { json, sandbox, sink, source }, ...flags }) => ({
    ...flags,
    common: { json, sandbox, sink, source },
  }));

const plain = {
  tables: [],
  yes: false,
  common: { json: false, sandbox: false, sink: undefined, source: undefined },
};

describe("the command line of db", () => {
  it.each([
    [["db", "status"], { ...plain, verb: "status" }],
    [["db", "--", "status"], { ...plain, verb: "status" }],
    [["db", "backup", "--json"], { ...plain, verb: "backup", common: { ...plain.common, json: true } }],
    [["db", "--sink", "postgres", "backup"], {
      ...plain,
      verb: "backup",
      common: { ...plain.common, sink: "postgres" },
    }],
    [["db", "restore"], { ...plain, verb: "restore" }],
    [["db", "restore", "20261121T101500Z", "--yes"], {
      ...plain,
      verb: "restore",
      name: "20261121T101500Z",
      yes: true,
    }],
    [["db", "--yes", "restore", "20261121T101500Z"], {
      ...plain,
      verb: "restore",
      name: "20261121T101500Z",
      yes: true,
    }],
    [["db", "truncate"], { ...plain, verb: "truncate" }],
    [["db", "truncate", "a,b"], { ...plain, verb: "truncate", tables: ["a", "b"] }],
    [["db", "truncate", "--tables=a, b", "--sandbox"], {
      ...plain,
      verb: "truncate",
      tables: ["a", "b"],
      common: { ...plain.common, sandbox: true },
    }],
    [["db", "truncate", "a", "--tables", "a,c"], { ...plain, verb: "truncate", tables: ["a", "c"] }],
  ])("%j", (args, flags) => expect(flagsOf(args)).toEqual(Result.succeed(flags)));

  it.each([
    [["db"], ["db needs a command: status, backup, restore or truncate; --help explains"]],
    [["db", "stauts"], ['db has no command "stauts"; did you mean "status"?']],
    [["db", "vacuum"], ['db has no command "vacuum"; it has status, backup, restore or truncate']],
    [["db", "status", "now"], ['unexpected "now"']],
    [["db", "restore", "a", "b"], ['unexpected "b"']],
    [["db", "status", "--yes"], ["db status has no option --yes"]],
    [["db", "restore", "--tables=a"], ["db restore has no option --tables"]],
    [["db", "truncate", "--tabels=a"], ["unknown option --tabels; did you mean --tables?"]],
    [["db", "backup", "--dag=historic", "--dry-run"], [
      "db has no option --dag",
      "db has no option --dry-run",
    ]],
  ])("%j is refused", (args, problems) => expect(readFlags(args)).toEqual(Result.fail(problems)));
});
