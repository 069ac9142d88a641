import { type Answer, type LocalSeconds, Time } from "@candlewick/pretend-exchange";
import { createHash } from "node:crypto";
import { badInput, badToken, success } from "./answer.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Access tokens die at 06:00 IST. */
const DEATH_HOUR_SECONDS = 6 * 3600;
/** A request token that is not exchanged within minutes is worthless (vendor documentation). */
const REQUEST_TOKEN_SECONDS = 300;

interface AccessToken {
  readonly value: string;
  readonly dies: LocalSeconds;
}

const deathOf = (login: LocalSeconds): LocalSeconds => {
  const death = Time.dayOfLocal(login) * Time.DAY_SECONDS + DEATH_HOUR_SECONDS;
  return login < death ? death : death + Time.DAY_SECONDS;
};

const USER = {
  user_id: "CW0001",
  user_type: "individual",
  email: "user@example.com",
  user_name: "Candlewick Sandbox",
  user_shortname: "Sandbox",
  broker: "ZERODHA",
  exchanges: ["NSE", "BSE", "NFO", "BFO", "CDS", "BCD", "MCX"],
  products: ["CNC", "NRML", "MIS", "BO", "CO"],
  order_types: ["MARKET", "LIMIT", "SL", "SL-M"],
  avatar_url: null,
  meta: { demat_consent: "physical" },
} as const;

/** The logins of one api key: at most one access token is alive, and a new one kills the old. */
export class Sessions {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly #salt: string;
  readonly #requestTokens = new Map<string, LocalSeconds>();
  #issued = 0;
  #access: AccessToken | undefined;

  constructor(apiKey: string, apiSecret: string, salt: string) {
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.#salt = salt;
  }

  /** What the browser login hands to the redirect address; good once, for five minutes. */
  issueRequestToken(now: LocalSeconds): string {
    const token = this.#mint("request", now);
    this.#requestTokens.set(token, now + REQUEST_TOKEN_SECONDS);
    return token;
  }

  /** Logs in without a browser; the access token before dies. */
  login(now: LocalSeconds, dies: LocalSeconds = deathOf(now)): string {
    const value = this.#mint("access", now);
    this.#access = { value, dies };
    return value;
  }

  /** Ends the session, as a logout elsewhere would. */
  kill(): void {
    this.#access = undefined;
  }

  /** `POST /session/token`. */
  create(form: URLSearchParams, now: LocalSeconds): Answer {
    const requestToken = form.get("request_token") ?? "";
    const checksum = form.get("checksum") ?? "";
    if (!form.get("api_key") || requestToken === "" || checksum === "") {
      return badInput("Missing `api_key`, `request_token` or `checksum`.");
    }
    if (form.get("api_key") !== this.apiKey) return badInput("Invalid `api_key`.");
    const goodUntil = this.#requestTokens.get(requestToken);
    if (goodUntil === undefined || now > goodUntil) return badToken("Token is invalid or has expired.");
    if (checksum !== sha256(this.apiKey + requestToken + this.apiSecret)) {
      return badInput("Invalid `checksum`.");
    }
    this.#requestTokens.delete(requestToken);
    return success({
      ...USER,
      api_key: this.apiKey,
      access_token: this.login(now),
      public_token: this.#mint("public", now),
      enctoken: "",
      refresh_token: "",
      silo: "",
      login_time: Time.formatLocal(now),
    });
  }

  /** `DELETE /session/token`, named by its parameters rather than by the header. */
  invalidate(parameters: URLSearchParams, now: LocalSeconds): Answer {
    const refused = this.#check(parameters.get("api_key"), parameters.get("access_token"), now);
    if (refused !== undefined) return refused;
    this.kill();
    return success(true);
  }

  /** Why a request may not pass, or undefined when its `Authorization: token key:access` is alive. */
  authorize(header: string | undefined, now: LocalSeconds): Answer | undefined {
    const credentials = /^token ([^:]*):(.*)$/.exec(header ?? "");
    return this.#check(credentials?.[1] ?? null, credentials?.[2] ?? null, now);
  }

  /** `GET /user/profile`. */
  profile(): Answer {
    return success(USER);
  }

  #check(apiKey: string | null, accessToken: string | null, now: LocalSeconds): Answer | undefined {
    if (!apiKey || !accessToken) return badInput("Missing `api_key` or `access_token`.");
    const alive = this.#access !== undefined && now < this.#access.dies;
    return alive && apiKey === this.apiKey && accessToken === this.#access?.value
      ? undefined
      : badToken("Incorrect `api_key` or `access_token`.");
  }

  #mint(kind: string, now: LocalSeconds): string {
    return sha256(`${this.#salt} ${kind} ${Time.dayOfLocal(now)} ${this.#issued++}`).slice(0, 32);
  }
}
