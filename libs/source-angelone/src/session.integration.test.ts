import { governed, Login, type PluginError, Source } from "@candlewick/core";
import {
  jsonReply,
  reasonOf,
  type Reply,
  type Seen,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { Context, Effect, Fiber, Redacted } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import { CLIENT_CODE, keptLogin, SECRETS, settingsFor, withAngelOne } from "./testing/fixtures.ts";
import { codeOf, keyOf, stepOf } from "./totp.ts";
import { data, denied, guarded, isLogin, paths, refused, tokens, tooMany } from "./testing/vendor.ts";

const FRESH = tokens(SECRETS.nextJwt, SECRETS.nextRefresh);

/** A vendor that takes the next login only. */
const afterLogin = (login: (request: Seen) => Reply) =>
  guarded(SECRETS.nextJwt, (request) => isLogin(request) ? login(request) : data(request));

const onlyPassword = ({ path }: Seen): Reply =>
  path === paths.login ? FRESH : refused("AB8051", "Refresh Token Expired");

const logins = (seen: ReadonlyArray<Seen>) => seen.filter(isLogin).map(({ path }) => path);

const authenticate = (
  root: string,
  login: Login.KeptLogin,
  changes: Partial<Parameters<typeof withAngelOne>[2]> = {},
) =>
  withAngelOne(
    root,
    (it) =>
      Effect.flatMap(governed(it), (services) => Context.get(services, Source.SourceSession).authenticate),
    {
      login,
      ...changes,
    },
  );

describe("the first login", () => {
  it("sends client code, PIN and the code of now, and is kept until 05:00 in India", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      const kept = Login.inMemory();
      const before = Date.now();
      valueOf(await authenticate(root, kept));
      expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${paths.login}`,
        `GET ${paths.profile}`,
      ]);
      const { clientcode, password, totp } = JSON.parse(seen[0]!.body);
      expect([clientcode, password]).toEqual([CLIENT_CODE, SECRETS.pin]);
      const key = keyOf(Redacted.make(SECRETS.totpSecret));
      const possible = [before, Date.now()].map((now) =>
        key._tag === "Success" ? Redacted.value(codeOf(key.success, stepOf(now))) : ""
      );
      expect(possible).toContain(totp);
      expect(seen[0]!.headers).toMatchObject({
        "x-privatekey": SECRETS.apiKey,
        "x-usertype": "USER",
        "x-sourceid": "WEB",
        "x-clientlocalip": "127.0.0.1",
        "x-clientpublicip": "127.0.0.1",
        "x-macaddress": "00:00:00:00:00:00",
      });
      expect(seen[0]!.headers).not.toHaveProperty("authorization");
      expect(seen[1]!.headers["authorization"]).toBe(`Bearer ${SECRETS.nextJwt}`);
      expect(seen[1]!.query.get("refreshToken")).toBe(SECRETS.nextRefresh);
      const login = (await Effect.runPromise(kept.load))!;
      expect(new Date(login.expires).toISOString()).toMatch(/T23:30:00\.000Z$/);
      expect(Redacted.value(login.tokens["jwtToken"]!)).toBe(SECRETS.nextJwt);
    }));

  it("is one for calls that need it at the same time", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      await withAngelOne(
        root,
        ({ session }) =>
          Effect.all([session.authenticate, session.authenticate, session.authenticate], { concurrency: 3 }),
        {
          login: Login.inMemory(),
        },
      );
      expect(logins(seen)).toEqual([paths.login]);
      expect(seen).toHaveLength(4);
    }));

  it("serves later runs, which log in no more", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      const kept = Login.inMemory();
      for (const _ of [1, 2, 3]) valueOf(await authenticate(root, kept));
      expect(logins(seen)).toHaveLength(1);
    }));

  it.each(["jwt", "Bearer jwt"])(
    "takes the web token as %s",
    (jwt) =>
      withServer(
        guarded("jwt", (request) => isLogin(request) ? tokens(jwt, "refresh") : data(request)),
        async ({ root }) => {
          valueOf(await authenticate(root, Login.inMemory()));
        },
      ),
  );

  it("is not tried with settings that cannot be right", () =>
    withServer(() => FRESH, async ({ root, seen }) => {
      const wrong = [
        [{ pin: undefined }, "ANGELONE_PIN is not set"],
        [{ apiKey: undefined, clientCode: undefined }, "ANGELONE_API_KEY, ANGELONE_CLIENT_CODE are not set"],
        [{ totpSecret: Redacted.make("123456") }, "ANGELONE_TOTP_SECRET cannot be used: it is a code"],
        [{ apiKey: Redacted.make("key\n") }, "the API key holds blanks"],
      ] as const;
      for (const [changes, message] of wrong) {
        const reason = reasonOf(await authenticate(root, Login.inMemory(keptLogin()), changes));
        expect(reason).toMatchObject({ _tag: "Unauthorized", message: expect.stringContaining(message) });
      }
      expect(seen).toHaveLength(0);
    }));

  it.each(
    [
      ["RateLimited", tooMany],
      ["Unavailable", { status: 503 }],
      ["Corrupt", { body: "<html></html>" }],
      [
        "Corrupt",
        jsonReply({ status: true, message: "SUCCESS", errorcode: "", data: { jwtToken: SECRETS.jwt } }),
      ],
      ["Corrupt", jsonReply({ status: true, message: "SUCCESS", errorcode: "", data: null })],
      ["Corrupt", jsonReply(`{"status":true,"data":{"jwtToken":"${SECRETS.jwt}`)],
      ["Unauthorized", refused("AB1007", `Invalid PIN ${SECRETS.pin}`)],
      ["Unauthorized", refused("AB1050", `Invalid totp`, 401)],
    ] satisfies ReadonlyArray<readonly [string, Reply]>,
  )(
    "that fails is %s, and shows no secret: %#",
    (tag, reply) =>
      withServer(afterLogin(() => reply), async ({ root, seen }) => {
        const exit = await withAngelOne(root, ({ session }) => session.authenticate, {
          login: Login.inMemory(),
        });
        expect(reasonOf(exit)._tag).toBe(tag);
        const shown = JSON.stringify(reasonOf(exit));
        expect(shown).toContain("loginByPassword");
        for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret);
        expect(seen).toHaveLength(1);
      }),
  );

  it("that is refused is not tried again, whatever asks for it", () =>
    withServer(afterLogin(() => refused("AB1007", "Invalid credentials")), async ({ root, seen }) => {
      await withAngelOne(root, ({ renew, session }) =>
        Effect.gen(function* () {
          const first = yield* Effect.flip(session.authenticate);
          expect(first.reason).toMatchObject({ hint: expect.stringContaining("ANGELONE_PIN") });
          expect(yield* renew(first, false)).toBe(false);
          expect((yield* Effect.flip(session.authenticate)).reason).toEqual(first.reason);
        }), { login: Login.inMemory() }).then(valueOf);
      expect(logins(seen)).toEqual([paths.login]);
    }));
});

describe("a login that the vendor refuses", () => {
  it("is renewed by the refresh token, and PIN and code stay at home", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      const kept = Login.inMemory(keptLogin());
      valueOf(await authenticate(root, kept));
      expect(logins(seen)).toEqual([paths.renewal]);
      const request = seen.find(isLogin)!;
      expect(JSON.parse(request.body)).toEqual({ refreshToken: SECRETS.refresh });
      expect(request.headers["authorization"]).toBe(`Bearer ${SECRETS.jwt}`);
      const login = (await Effect.runPromise(kept.load))!;
      expect(Redacted.value(login.tokens["refreshToken"]!)).toBe(SECRETS.nextRefresh);
    }));

  it("is made anew where the refresh token is refused, too", () =>
    withServer(afterLogin(onlyPassword), async ({ root, seen }) => {
      valueOf(await authenticate(root, Login.inMemory(keptLogin())));
      expect(logins(seen)).toEqual([paths.renewal, paths.login]);
    }));

  it("is made anew where what the refresh token brought is refused, too", () => {
    const answer = ({ path }: Seen) =>
      path === paths.login ? FRESH : tokens("jwt.no-good", "refresh.no-good");
    return withServer(afterLogin(answer), async ({ root, seen }) => {
      valueOf(await authenticate(root, Login.inMemory(keptLogin())));
      expect(logins(seen)).toEqual([paths.renewal, paths.login]);
    });
  });

  it("gives way to one that another process has kept meanwhile, without any login", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      const kept = Login.inMemory(keptLogin());
      await withAngelOne(root, ({ renew, session }) =>
        Effect.gen(function* () {
          const refusal = yield* Effect.flip(session.authenticate);
          yield* kept.save(keptLogin({
            tokens: { ...keptLogin().tokens, jwtToken: Redacted.make(SECRETS.nextJwt) },
          }));
          expect(yield* renew(refusal, true)).toBe(true);
          yield* session.authenticate;
        }), { login: kept }).then(valueOf);
      expect(logins(seen)).toEqual([]);
    }));

  it("ends the matter when a login just made is refused", () =>
    withServer(
      (request) => isLogin(request) ? FRESH : denied("AG8001", "Invalid Token"),
      async ({ root, seen }) => {
        const exit = await authenticate(root, Login.inMemory());
        expect(reasonOf(exit)).toMatchObject({
          _tag: "Unauthorized",
          message: expect.stringContaining("AG8001"),
        });
        expect(logins(seen)).toEqual([paths.login]);
      },
    ));

  it("of another client code is none", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      valueOf(await authenticate(root, Login.inMemory(keptLogin()), { clientCode: "B654321" }));
      expect(logins(seen)).toEqual([paths.login]);
      expect(JSON.parse(seen[0]!.body)).toMatchObject({ clientcode: "B654321" });
    }));

  it("because its time is over is renewed before it is sent", () =>
    withServer(afterLogin(() => FRESH), async ({ root, seen }) => {
      valueOf(await authenticate(root, Login.inMemory(keptLogin({ expires: Date.now() - 1 }))));
      expect(seen.map(({ path }) => path)).toEqual([paths.renewal, paths.profile]);
    }));
});

describe("a code", () => {
  it("is not used twice: the next login waits for the next", () =>
    withServer((request) => isLogin(request) ? { status: 503 } : data(request), async ({ root, seen }) => {
      // The first login fails after its code was sent; the second may not send the same.
      const twice = Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-01-09T04:00:10Z"));
        const { session } = yield* plugin.make(settingsFor(root), { login: Login.inMemory() });
        const attempt: Effect.Effect<PluginError.PluginError, void> = Effect.flip(session.authenticate);
        yield* attempt;
        const second = yield* Effect.forkChild(attempt);
        yield* TestClock.adjust("19 seconds");
        expect(seen).toHaveLength(1);
        yield* TestClock.adjust("1 seconds");
        yield* TestClock.adjust("2 seconds");
        yield* Fiber.join(second);
      });
      await Effect.runPromise(Effect.scoped(twice).pipe(Effect.provide(TestClock.layer())));
      const codes = seen.map(({ body }) => JSON.parse(body).totp);
      expect(codes).toHaveLength(2);
      expect(codes[0]).not.toBe(codes[1]);
    }));
});
