import { describe, expect, it } from "vitest";
import { displayUrlOf } from "./connection.ts";
import { explainFile, explainOutput, failure } from "./EmbeddedPostgresError.ts";
import { layoutOf } from "./layout.ts";
import { hindranceOf } from "./server.ts";
import { durable, flags } from "./settings.ts";

/** What PostgreSQL 18 really says. */
const said = {
  diskFull:
    'initdb: error: could not write to file "pg_wal/xlogtemp.24": No space left on device\ninitdb: removing data directory',
  logDiskFull: [
    "2026-11-20 21:15:25.164 UTC [2] LOG:  starting PostgreSQL 18.4",
    '2026-11-20 21:15:25.164 UTC [2] FATAL:  could not write lock file "postmaster.pid": No space left on device',
    "pg_ctl: could not start server",
  ].join("\n"),
  unreadable: 'initdb: error: could not access directory "initdb-1/data": Permission denied',
  otherVersion:
    "FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 17",
  noLibrary:
    "/x/bin/initdb: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory",
  noUser: "initdb: could not look up effective user ID 54321: user does not exist",
  anything: "one line\nanother line\n",
};

describe("what PostgreSQL says", () => {
  it.each(
    [
      ["diskFull", "capacity", "could not write to file"],
      ["logDiskFull", "capacity", "could not write lock file"],
      ["unreadable", "folder", "could not access directory"],
      ["otherVersion", "version", "database files are incompatible with server"],
      ["noLibrary", "binaries", "libpq.so.5"],
      ["noUser", "account", "user ID 54321"],
      ["anything", "server", "another line"],
    ] as const,
  )("%s is an error of kind %s that quotes the line that tells", (name, reason, quote) => {
    const error = explainOutput("to start", "/p/.candlewick/postgres", said[name]);
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(`PostgreSQL failed to start in /p/.candlewick/postgres: `);
    expect(error.message).toContain(quote);
    expect(error.message).toMatch(/set DATABASE_URL to a PostgreSQL server of your own\.$/i);
  });

  it.each([
    ['FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster', "pidFile"],
    ['FATAL:  lock file "postmaster.pid" is empty', "pidFile"],
    ['pg_ctl: the PID file "data/postmaster.pid" is empty', "pidFile"],
    ["FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", "memory"],
    [
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
      "port",
    ],
    [said.otherVersion, undefined],
  ])("%s: %s", (log, hindrance) => {
    expect(hindranceOf(log)).toBe(hindrance);
  });
});

describe("errors", () => {
  it("end in what the user can do", () => {
    expect(failure("server", "It broke.").message)
      .toBe("It broke. Set DATABASE_URL to a PostgreSQL server of your own.");
    expect(failure("server", "It broke", "Mend it").message)
      .toBe("It broke. Mend it, or set DATABASE_URL to a PostgreSQL server of your own.");
  });

  it("tell a full disk from a closed folder", () => {
    const full = new Error("No space left on device (os error 28)");
    expect(explainFile("write", "/p/pgpass", full).reason).toBe("capacity");
    const closed = new Deno.errors.PermissionDenied("Permission denied (os error 13)");
    expect(explainFile("write", "/p/pgpass", closed)).toMatchObject({
      reason: "folder",
      message: expect.stringContaining("Cannot write /p/pgpass: Permission denied"),
    });
  });
});

describe("connection strings and options", () => {
  it("name the password file in a form that psql reads", () => {
    expect(displayUrlOf(5_433, "candlewick", layoutOf("/home/me/a b&c/.candlewick/postgres")))
      .toBe(
        "postgres://candlewick@127.0.0.1:5433/candlewick?passfile=/home/me/a%20b%26c/.candlewick/postgres/pgpass",
      );
  });

  it("hold nothing that a shell would read as more than a word", () => {
    expect(flags(durable, 5_433)).toMatch(/^[\w .=-]+$/);
    expect(flags(durable, 5_433)).toContain("-c port=5433");
  });
});
