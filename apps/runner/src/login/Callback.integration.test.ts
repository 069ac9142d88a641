import { Effect, Exit, Queue, Result, Scope } from "effect";
import fc from "fast-check";
import { request } from "node:http";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Arrival } from "./Arrival.ts";
import { judge, listen } from "./Callback.ts";
import { page } from "./Page.ts";

describe("a request to the listener", () => {
  const judged = (method: string, url: string, host = "127.0.0.1:7411") => {
    const answer = judge({ method, url, headers: { host } }, 7411);
    return answer instanceof URL ? answer.href : answer.status;
  };

  it.each([
    ["GET", "/?request_token=rt0&status=success", "http://127.0.0.1:7411/?request_token=rt0&status=success"],
    ["GET", "/?code=a%26b", "http://127.0.0.1:7411/?code=a%26b"],
    ["GET", "/", 200],
    ["GET", "/?", 200],
    ["GET", "/favicon.ico", 404],
    ["GET", "/login?request_token=rt0", 404],
    ["GET", "//evil.example/?request_token=rt0", 404],
    ["GET", "http://evil.example/?request_token=rt0", 400],
    ["POST", "/?request_token=rt0", 405],
    ["HEAD", "/?request_token=rt0", 405],
  ])("%s %s is %s", (method, url, answer) => expect(judged(method, url)).toBe(answer));

  it.each(["127.0.0.1:7411", "localhost:7411"])("may call it %s", (host) => {
    expect(judged("GET", "/?code=1", host)).toBe("http://127.0.0.1:7411/?code=1");
  });

  it.each(["evil.example", "evil.example:7411", "127.0.0.1", "127.0.0.1:80", "localhost", "", undefined])(
    "may not call it %s",
    (host) =>
      expect(judge({ method: "GET", url: "/?code=1", headers: { host } }, 7411)).toHaveProperty(
        "status",
        421,
      ),
  );

  it("never leads anywhere but here, whatever it asks for", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (path) => {
        const answer = judge({ method: "GET", url: `/${path}`, headers: { host: "127.0.0.1:7411" } }, 7411);
        if (answer instanceof URL) expect(answer.origin + answer.pathname).toBe("http://127.0.0.1:7411/");
      }),
      { numRuns: 1_000 },
    ));
});

describe("a page", () => {
  it("shows text as text", () => {
    const html = page({ title: "<script>", text: `"a" & 'b'` });
    expect(html).not.toContain("<script>");
    expect(html).toContain("<h1>&lt;script&gt;</h1>");
    expect(html).toContain("<p>&quot;a&quot; &amp; &#39;b&#39;</p>");
  });
});

describe("the listener", () => {
  let scope: Scope.Closeable;
  let arrivals: Queue.Queue<Arrival>;
  let address: string;

  beforeEach(async () => {
    scope = Scope.makeUnsafe();
    arrivals = await Effect.runPromise(Queue.unbounded<Arrival>());
    address = await Effect.runPromise(Scope.provide(listen(0, arrivals), scope));
  });
  afterEach(() => Effect.runPromise(Scope.close(scope, Exit.void)));

  it("hands on the redirect and tells the browser how it went", async () => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const answered = fetch(`${address}?status=success&request_token=rt0`);
    const arrival = await Effect.runPromise(Queue.take(arrivals));
    expect(arrival.address.href).toBe(`${address}?status=success&request_token=rt0`);
    await Effect.runPromise(arrival.answer({ title: "Logged in", text: "Close this page." }));
    const response = await answered;
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response.text()).toContain("<h1>Logged in</h1>");
  });

  it("keeps an icon, a probe and a visit without a login for itself", async () => {
    const statuses = [];
    for (const path of ["favicon.ico", "robots.txt", "", "?"]) {
      const response = await fetch(address + path);
      statuses.push(response.status);
      await response.body?.cancel();
    }
    const posted = await fetch(`${address}?request_token=rt0`, { method: "POST", body: "x=1" });
    expect([...statuses, posted.status]).toEqual([404, 404, 200, 200, 405]);
    expect(posted.headers.get("allow")).toBe("GET");
    await posted.body?.cancel();
    expect(await Effect.runPromise(Queue.size(arrivals))).toBe(0);
  });

  it("takes nothing from a page of another site that pretends to be this host", async () => {
    const status = await new Promise((resolve, reject) =>
      request(`${address}?request_token=rt0`, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject).end()
    );
    expect(status).toBe(421);
    expect(await Effect.runPromise(Queue.size(arrivals))).toBe(0);
  });

  it("does not wait for a browser that has gone away", async () => {
    const leaving = new AbortController();
    const answered = fetch(`${address}?code=1`, { signal: leaving.signal }).catch(() => "gone");
    const arrival = await Effect.runPromise(Queue.take(arrivals));
    leaving.abort();
    expect(await answered).toBe("gone");
    await Effect.runPromise(arrival.answer({ title: "Logged in", text: "" }));
  });

  it("is gone when its scope closes, with browsers still waiting", async () => {
    const answered = fetch(`${address}?code=1`).then(() => "answered", () => "cut");
    await Effect.runPromise(Queue.take(arrivals));
    await Effect.runPromise(Scope.close(scope, Exit.void));
    expect(await answered).toBe("cut");
    await expect(fetch(address)).rejects.toThrow();
  });

  it("refuses a port that is taken, and says what to do", async () => {
    const port = Number(new URL(address).port);
    const second = await Effect.runPromise(Effect.result(Effect.scoped(listen(port, arrivals))));
    expect(Result.isFailure(second) ? second.failure.message : "").toMatch(
      new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port} for the end of the login: .*--port=N`),
    );
  });

  it("is heard on loopback alone", async () => {
    const port = Number(new URL(address).port);
    // Another program can still have the port on another address of this machine.
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once("error", reject);
      other.listen(port, "127.0.0.2", resolve);
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
