import { describe, expect, it } from "@effect/vitest";
import { Redacted, Result } from "effect";
import { display, parse, sandboxOf } from "./address.ts";

const address = (url: string) => Result.getOrThrow(parse(url));
const problem = (url: string) => Result.getOrThrow(Result.flip(parse(url)));

describe("connection strings", () => {
  it("are read as libpq reads them", () => {
    expect(address("postgresql://ann:p%40ss@db.example.com:6432/market?sslmode=require&search_path=md"))
      .toEqual({
        host: "db.example.com",
        port: 6432,
        database: "market",
        user: "ann",
        password: Redacted.make("p@ss"),
        ssl: "require",
        session: { search_path: "md" },
      });
    expect(address("postgres://ann@[::1]/market")).toMatchObject({ host: "::1", port: 5432, ssl: "prefer" });
    expect(address("postgres:///market?host=/var/run/postgresql&user=ann")).toMatchObject({
      host: "/var/run/postgresql",
      database: "market",
      user: "ann",
      session: {},
    });
    expect(address("postgres://ann@db")).toMatchObject({ database: "ann", password: undefined });
    expect(address("postgres://u:p@db/x?channel_binding=require&application_name=y").session).toEqual({});
  });

  it("that are wrong are refused without being quoted", () => {
    for (
      const url of [
        "",
        "sesame",
        "mysql://u:sesame@h/d",
        "postgres://u:sesame@h:99999/d",
        "postgres://u:sesame@h/d?sslmode=maybe",
        "postgres://u:sesame@h/d?sslrootcert=x",
        "postgres://h",
      ]
    ) {
      expect(problem(url), url).not.toContain("sesame");
    }
  });

  it("are shown without their secret", () => {
    expect(display(address("postgres://u:sesame@h/d"))).toBe("d on h:5432");
    expect(display(address("postgres://u:sesame@[::1]/d"))).toBe("d on [::1]:5432");
  });
});

describe("sandboxOf", () => {
  it("is another database, of a name that PostgreSQL keeps whole", () => {
    expect(sandboxOf("market")).toBe("market_sandbox");
    expect(sandboxOf("market_sandbox")).toBe("market_sandbox");
    expect(sandboxOf("x".repeat(63)).length).toBe(63);
  });
});
