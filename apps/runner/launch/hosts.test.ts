import { describe, expect, it } from "vitest";
import { hostsOf } from "./permissions.mjs";

describe("hosts of an address", () => {
  it.each([
    ["postgres://me:secret@db.example/market", ["db.example:5432"]],
    ["postgresql://me@db.example:6543/market", ["db.example:6543"]],
    ["postgres://a.example:1,b.example:2,c.example/x", ["a.example:1", "b.example:2", "c.example:5432"]],
    ["postgres://me:a@b@db.example/x", ["db.example:5432"]],
    ["postgres://me:p%40ss@db.example/x", ["db.example:5432"]],
    ["http://localhost:4000", ["localhost:4000", "127.0.0.1:4000", "[::1]:4000"]],
    ["HTTPS://API.example", ["API.example:443"]],
    ["http://[::1]:80/x", ["[::1]:80"]],
    ["http://10.0.0.1?x", ["10.0.0.1:80"]],
    ["ws://socket.example", ["socket.example"]],
    // Not one of these is a host that Deno would take.
    ["http://a..b", []],
    ["http://host:65536", []],
    ["http://host:", []],
    ["http://[:::]", []],
    ["http://[1.2.3.4]", []],
    ["http://*.example", []],
    ["http://*", []],
    ["http://-a", []],
    ["http://höst", []],
    ["http://a b", []],
    [`http://${"a.".repeat(127)}aa`, []],
    ["/var/run/postgresql", []],
    ["db.example:5432", []],
    ["", []],
  ])("%s: %j", (address, hosts) => expect(hostsOf(address)).toEqual(hosts));
});
