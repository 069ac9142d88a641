import { type Answer, type LocalSeconds, Time } from "@candlewick/pretend-exchange";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { verifySync } from "otplib";
import { refusal, success, turnedAway } from "./answer.ts";

/** Sessions end at 05:00 IST. */
const DEATH_HOUR_SECONDS = 5 * 3600;
/** A code is taken a step of 30 seconds before and after its own. */
const TOTP_TOLERANCE_SECONDS = 30;

/** Who may log in. */
export interface Account {
  readonly apiKey: string;
  readonly clientCode: string;
  readonly pin: string;
  /** Base32. */
  readonly totpSecret: string;
}

/** What a login brings. */
export interface Tokens {
  readonly jwtToken: string;
  readonly refreshToken: string;
  readonly feedToken: string;
}

interface Session {
  readonly tokens: Tokens;
  readonly ends: LocalSeconds;
}

/** The next 05:00 IST. */
export const endOf = (login: LocalSeconds): LocalSeconds => {
  const end = Time.dayOfLocal(login) * Time.DAY_SECONDS + DEATH_HOUR_SECONDS;
  return login < end ? end : end + Time.DAY_SECONDS;
};

const PROFILE = {
  name: "CANDLEWICK SANDBOX",
  email: "",
  mobileno: "",
  exchanges: ["nse_cm", "bse_cm", "nse_fo", "bse_fo", "cde_fo", "mcx_fo", "ncx_fo"],
  products: ["DELIVERY", "INTRADAY", "MARGIN"],
  lastlogintime: "",
  brokerid: "B2C",
};

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The logins of one client. Sessions live side by side until the morning, or until {@link Sessions.kill}. */
export class Sessions {
  readonly account: Account;
  readonly #salt: string;
  readonly #byJwt = new Map<string, Session>();
  readonly #byRefresh = new Map<string, Session>();
  readonly #killed = new Set<string>();
  #issued = 0;

  constructor(account: Account, salt: string) {
    this.account = account;
    this.#salt = salt;
  }

  /** Opens a session. */
  login(now: LocalSeconds, ends: LocalSeconds = endOf(now)): Tokens {
    const tokens = {
      jwtToken: this.#jwt(now),
      refreshToken: this.#mint("refresh"),
      feedToken: this.#mint("feed"),
    };
    const session = { tokens, ends };
    this.#byJwt.set(tokens.jwtToken, session);
    this.#byRefresh.set(tokens.refreshToken, session);
    return tokens;
  }

  /** Ends all sessions, as the vendor does now and then. */
  kill(): void {
    for (const token of [...this.#byJwt.keys(), ...this.#byRefresh.keys()]) this.#killed.add(token);
    this.#byJwt.clear();
    this.#byRefresh.clear();
  }

  /**
   * `loginByPassword`.
   *
   * @param seconds since the epoch by the client's clock, which its TOTP is of
   */
  loginByPassword(fields: Readonly<Record<string, string>>, seconds: number, now: LocalSeconds): Answer {
    const { clientCode, pin, totpSecret } = this.account;
    if (fields["clientcode"] !== clientCode || fields["password"] !== pin) {
      return refusal("AB1007", "Invalid clientcode or password");
    }
    const token = fields["totp"] ?? "";
    const isGood = /^\d{6}$/.test(token) &&
      verifySync({
        secret: totpSecret,
        token,
        epoch: Math.floor(seconds),
        epochTolerance: TOTP_TOLERANCE_SECONDS,
      }).valid;
    return isGood ? success(this.login(now)) : refusal("AB1050", "Invalid totp");
  }

  /** `generateTokens`: new tokens for a refresh token. */
  renew(refreshToken: string | undefined, now: LocalSeconds): Answer {
    const session = this.#byRefresh.get(refreshToken ?? "");
    if (session === undefined) return refusal("AB8050", "Invalid Refresh Token");
    if (now >= session.ends) return refusal("AB8051", "Refresh Token Expired");
    this.#byRefresh.delete(session.tokens.refreshToken);
    return success(this.login(now));
  }

  /** Why a request may not pass, or undefined when its `Authorization: Bearer` is alive. */
  authorize(header: string | undefined, now: LocalSeconds): Answer | undefined {
    const token = /^Bearer (.+)$/.exec(header ?? "")?.[1];
    if (token === undefined) return turnedAway("AG8003", "Token missing");
    if (this.#killed.has(token)) return refusal("AB1010", "AMX Session Expired");
    const session = this.#byJwt.get(token);
    if (session === undefined) return turnedAway("AG8001", "Invalid Token");
    return now < session.ends ? undefined : turnedAway("AG8002", "Token Expired");
  }

  /** `getProfile`. A refresh token may come with it; one that is none is refused. */
  profile(refreshToken: string | undefined): Answer {
    return refreshToken === undefined || this.#byRefresh.has(refreshToken)
      ? success({ clientcode: this.account.clientCode, ...PROFILE })
      : refusal("AB8050", "Invalid Refresh Token");
  }

  #jwt(now: LocalSeconds): string {
    const issued = Math.floor(Time.epochMillis(now) / 1000);
    const expires = Math.floor(Time.epochMillis(endOf(now)) / 1000);
    const claims = { username: this.account.clientCode, iat: issued, exp: expires, jti: this.#issued };
    return `${base64({ alg: "HS512" })}.${base64(claims)}.${this.#mint("jwt")}`;
  }

  #mint(kind: string): string {
    return createHash("sha256").update(`${this.#salt} ${kind} ${this.#issued++}`).digest("base64url");
  }
}
